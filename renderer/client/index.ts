export * from './connect.ts';
export * from './upload.ts';
