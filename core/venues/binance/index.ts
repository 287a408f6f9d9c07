export { type BinanceMapper, createBinanceMapper } from './mapper.ts';
export { BinanceMessage } from './message.ts';
export { Extent, type Scales, scaleOf, scaleOfList } from './scales.ts';
export { createScanner } from './scan.ts';
export { WaitingRoom } from './sequence.ts';
export { type BinanceVenue, symbolOfUrl } from './symbols.ts';
export { readJson } from './wire.ts';
