export * from './credits.ts';
export * from './endpoint.ts';
export * from './protocol.ts';
