/**
 * Finds the UDP payload of a packet: Ethernet, any number of VLAN tags (802.1Q, QinQ), IPv4 with options, UDP. Must not
 * know feeds. Everything else is foreign and left alone.
 */
import type { PacketRecord } from './record.ts';

/** The only link type that is read: Ethernet. */
export const LINK_ETHERNET = 1;

const ETHER_IPV4 = 0x0800;
const PROTOCOL_UDP = 17;

/** Where the payload of the last located packet lies in its view. */
export class UdpPayload {
  start = 0;
  end = 0;

  /** Returns true and sets start and end when the packet holds a whole, unfragmented UDP datagram. */
  locate(packet: PacketRecord): boolean {
    const view = packet.view;
    const packetEnd = packet.offset + packet.captured;
    let at = packet.offset + 12;
    if (packetEnd - at < 2) return false;
    let etherType = view.getUint16(at);
    while (etherType === 0x8100 || etherType === 0x88a8 || etherType === 0x9100) {
      at += 4;
      if (packetEnd - at < 2) return false;
      etherType = view.getUint16(at);
    }
    at += 2;
    if (etherType !== ETHER_IPV4 || packetEnd - at < 20) return false;
    const first = view.getUint8(at);
    const headerBytes = (first & 15) * 4;
    const ipEnd = at + view.getUint16(at + 2);
    const fragment = view.getUint16(at + 6) & 0x3fff;
    if (first >>> 4 !== 4 || headerBytes < 20 || fragment !== 0 || view.getUint8(at + 9) !== PROTOCOL_UDP) return false;
    at += headerBytes;
    if (packetEnd - at < 8 || ipEnd > packetEnd) return false;
    const udpEnd = at + view.getUint16(at + 4);
    if (udpEnd < at + 8 || udpEnd > ipEnd) return false;
    this.start = at + 8;
    this.end = udpEnd;
    return true;
  }
}
