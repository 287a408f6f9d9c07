export { looksLikeCapture } from './capture/index.ts';
export { type CaptureDecoder, createIexCaptureDecoder, type FileDamage } from './decoder.ts';
