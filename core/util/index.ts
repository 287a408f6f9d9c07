export * from './result.ts';
export * from './hasher.ts';
