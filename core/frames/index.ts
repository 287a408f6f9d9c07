export * from './view-frame.ts';
