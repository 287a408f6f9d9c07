export { type BinanceMapper, type ClockFacts, createBinanceMapper } from './mapper.ts';
export { BinanceMessage, type MessageType } from './message.ts';
export { createScanner, type Scanner } from './scan.ts';
export { DepthGate, type GateDecision, type GateRule, type HeldUpdate, WaitingRoom } from './sequence.ts';
export { type BinanceVenue, type SyncFacts, symbolOfUrl } from './symbols.ts';
export { readJson } from './wire.ts';
