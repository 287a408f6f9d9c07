export * from './decimal.ts';
export * from './time.ts';
