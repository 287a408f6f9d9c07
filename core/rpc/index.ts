export * from './channel.ts';
export * from './client.ts';
export * from './envelope.ts';
export * from './handlers.ts';
export { RpcServer } from './server.ts';
