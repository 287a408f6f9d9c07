export { decodeCaptures } from './capture-source.ts';
export { openSource } from './source-files.ts';
