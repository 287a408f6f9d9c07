export { BookSet, UNKNOWN_ORDER_REPEATED_ID, type BookSetOptions, type DerivedEvent } from './book-set.ts';
export type { InstrumentBook } from './instrument-book.ts';
export { LevelBook } from './level-book.ts';
export { OrderBook } from './order-book.ts';
