export * from './kinds.ts';
export * from './event-batch.ts';
export * from './instrument.ts';
export * from './report.ts';
export * from './session.ts';
export * from './source.ts';
