export * from './trade-ring.ts';
export * from './frame-store.ts';
export * from './size-sample.ts';
