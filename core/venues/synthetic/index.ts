export { createSyntheticMarket, SYNTHETIC_INSTRUMENT, type SyntheticMarket, type SyntheticOptions } from './market.ts';
