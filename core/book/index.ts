export { BookSet, type BookSetOptions, type DerivedEvent } from './book-set.ts';
export type { InstrumentBook } from './instrument-book.ts';
export { KeyframeBuilder, type KeyframeImages } from './keyframes.ts';
export { LevelBook } from './level-book.ts';
export { OrderBook } from './order-book.ts';
export { StateHasher } from './state-hasher.ts';
export { finalBooksSha256, finalQuotesSha256 } from './text.ts';
