export { createSyntheticMarket } from './market.ts';
