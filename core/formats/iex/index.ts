export { looksLikeCapture } from './capture/index.ts';
export { type CaptureDecoder, createIexCaptureDecoder } from './decoder.ts';
