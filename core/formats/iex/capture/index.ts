export { LINK_ETHERNET, UdpPayload } from './link-layer.ts';
export { looksLikeCapture, PacketReader } from './packet-reader.ts';
export type { PacketRecord } from './record.ts';
