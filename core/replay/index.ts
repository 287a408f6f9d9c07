export * from './replay-clock.ts';
export * from './steps.ts';
