/** Containers and link layers: every form of capture gives the same rows, and what is not one is refused or counted. */
import { describe, expect, it } from 'vitest';
import { looksLikeCapture } from '../../../core/formats/iex/index.ts';
import { bytes, frame, message, pcap, pcapng, segment, START_NS, stream } from '../../fixtures/iex-capture.ts';
import { decodeCapture, rowsOf } from '../../fixtures/iex-decoding.ts';

const level = (price: number, ns = 0n) => message.level('8', 1, START_NS + ns, { symbol: 'SPY', price, size: 100 });
const packets = stream([[level(1000)], [level(2000, 1000n), level(3000, 2000n)], [level(4000, 3000n)]]);
const pricesOf = (file: Uint8Array) => rowsOf(decodeCapture([file])).map((row) => row.price);
const PRICES = [1000, 2000, 3000, 4000];

describe('containers', () => {
  it.each([
    ['pcap, little-endian, µs', pcap(packets), 'pcap (little-endian, microseconds)'],
    ['pcap, big-endian, µs', pcap(packets, { littleEndian: false }), 'pcap (big-endian, microseconds)'],
    ['pcap, little-endian, ns', pcap(packets, { nanoseconds: true }), 'pcap (little-endian, nanoseconds)'],
    ['pcap, big-endian, ns', pcap(packets, { littleEndian: false, nanoseconds: true }), 'pcap (big-endian, nanoseconds)'],
    ['pcapng', pcapng(packets), 'pcapng'],
    ['pcapng, big-endian', pcapng(packets, { littleEndian: false }), 'pcapng'],
    ['pcapng with an unknown block', pcapng(packets, { unknownBlockBytes: 5000 }), 'pcapng'],
    ['pcapng of ns', pcapng(packets, { tsresol: 9 }), 'pcapng'],
    ['pcapng of 2^-20 s', pcapng(packets, { tsresol: 0x94 }), 'pcapng'],
    ['pcapng with a time offset', pcapng(packets, { tsoffsetSeconds: 3600n }), 'pcapng'],
  ])('reads %s', (_, file, container) => {
    expect(looksLikeCapture(file)).toBe(true);
    const decoded = decodeCapture([file]);
    const rows = rowsOf(decoded);
    expect(rows.map((row) => row.price)).toEqual(PRICES);
    expect(decoded.report).toMatchObject({ container, protocol: 'DEEP 1.0', packets: 3, messages: 4, truncatedBytes: 0, unparseable: 0 });
    // A binary fraction of a second cannot hold every nanosecond: within one unit (954 ns) it must.
    for (const [row, at] of [
      [0, 0n],
      [1, 1_000_000n],
      [3, 2_000_000n],
    ] as const) {
      const off = START_NS + at - (rows[row] as { receiveNs: bigint }).receiveNs;
      expect(off >= 0n && off < 954n).toBe(true);
    }
  });

  it('keeps nanoseconds of capture time exactly', () => {
    const file = pcap([{ data: packets[0]?.data as Uint8Array, timeNs: START_NS + 123_456_789n }], { nanoseconds: true });
    expect(rowsOf(decodeCapture([file]))[0]?.receiveNs).toBe(START_NS + 123_456_789n);
  });

  it('reads several sections of a pcapng, each with its own byte order', () => {
    const file = bytes(pcapng(packets.slice(0, 1)), pcapng(packets.slice(1), { littleEndian: false, tsresol: 9 }));
    expect(pricesOf(file)).toEqual(PRICES);
  });

  it('reads simple packets, which have no capture time, by their send time', () => {
    const rows = rowsOf(decodeCapture([pcapng(packets, { simple: true })]));
    expect(rows.map((row) => row.price)).toEqual(PRICES);
    expect(rows[3]?.receiveNs).toBe(START_NS + 2_000_000n);
  });
});

describe('link layer', () => {
  it.each([
    ['one VLAN tag', { vlans: 1 }],
    ['QinQ', { vlans: 2 }],
    ['IP options', { ipOptions: 12 }],
    ['Ethernet padding', { padding: 9 }],
  ])('reads frames with %s', (_, options) => {
    expect(pricesOf(pcap(stream([[level(1000)], [level(2000)]], options)))).toEqual([1000, 2000]);
  });

  it('refuses a wrong link type in words', () => {
    expect(() => decodeCapture([pcap(packets, { linkType: 113 })])).toThrow(expect.objectContaining({ code: 'format.wrong-link-type' }));
    expect(() => decodeCapture([pcapng(packets, { linkType: 101 })])).toThrow(/link type 101/);
  });

  it('counts foreign packets, zero-length packets and packets cut by the capture, and goes on', () => {
    const good = packets[0] as { data: Uint8Array };
    const tcp = frame(segment([level(5)]), { ipProtocol: 6 });
    const short = frame(segment([level(6)], { first: 2 }));
    const file = pcap([
      good,
      { data: new Uint8Array(0) },
      { data: tcp },
      { data: short.subarray(0, 60), original: short.length },
      { data: frame(bytes([1, 2, 3])) },
    ]);
    const { report } = decodeCapture([file]);
    expect(report).toMatchObject({ packets: 5, foreignPackets: 4, messages: 1, truncatedBytes: 0 });
  });

  it('says so when no packet is IEX-TP', () => {
    const file = pcap([{ data: frame(new Uint8Array(200)) }]);
    expect(() => decodeCapture([file])).toThrow(expect.objectContaining({ code: 'format.no-iex-data' }));
  });
});

describe('damaged files', () => {
  it('keeps everything before a cut tail and counts its bytes', () => {
    const file = pcap(packets);
    const cut = file.subarray(0, file.length - 10);
    const decoded = decodeCapture([cut]);
    const left = 16 + (packets[2]?.data.length as number) - 10;
    expect(rowsOf(decoded).map((row) => row.price)).toEqual([1000, 2000, 3000, 0]);
    expect(rowsOf(decoded).at(-1)).toMatchObject({ kind: 'truncated', symbol: '*', size: left, ref: left });
    expect(decoded.report.truncatedBytes).toBe(left);
  });

  it('counts a cut inside a skipped pcapng block', () => {
    const whole = pcapng([], { unknownBlockBytes: 5000 });
    const { report } = decodeCapture([whole.subarray(0, whole.length - 1000)], 300);
    expect(report.truncatedBytes).toBe(5000 + 12 - 1000);
  });

  it('stops at an absurd length without taking memory for it, and keeps what came before', () => {
    const file = pcap(packets);
    const at = 24 + 16 + (packets[0]?.data.length as number) + 8;
    const absurd = bytes(file.subarray(0, at), [0xff, 0xff, 0xff, 0x7f], file.subarray(at + 4));
    const decoded = decodeCapture([absurd], 64);
    expect(rowsOf(decoded).map((row) => row.kind)).toEqual(['level', 'unparseable', 'truncated']);
    expect(decoded.report).toMatchObject({ unparseable: 1, truncatedBytes: file.length - at + 8 });
    expect(decoded.letters[0]?.reason).toMatch(/2147483647 bytes/);
  });

  it.each([
    ['a file of other bytes', bytes([0x50, 0x4b, 3, 4, 0, 0])],
    ['a file shorter than a magic', bytes([0xd4, 0xc3])],
  ])('refuses %s', (_, file) => {
    expect(() => decodeCapture([file])).toThrow(expect.objectContaining({ code: 'format.not-a-capture' }));
  });

  it('continues one stream over several files', () => {
    const decoded = decodeCapture([
      pcap(packets.slice(0, 2)),
      pcapng([{ data: packets[2]?.data as Uint8Array, timeNs: START_NS + 9_000_000n }]),
    ]);
    expect(rowsOf(decoded).map((row) => row.price)).toEqual(PRICES);
    expect(decoded.report).toMatchObject({ gaps: 0, duplicates: 0, container: 'pcap (little-endian, microseconds), pcapng' });
  });
});
