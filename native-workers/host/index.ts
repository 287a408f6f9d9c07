export * from './kept-worker.ts';
export * from './worker-handle.ts';
