export { LINK_ETHERNET, UdpPayload } from './link-layer.ts';
export { looksLikeCapture, PacketReader } from './packet-reader.ts';
export { MAX_RECORD_BYTES, type PacketRecord, type RecordRun } from './record.ts';
export { TimeWords } from './time-words.ts';
