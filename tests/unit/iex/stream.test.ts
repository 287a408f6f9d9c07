/** The sequence rule: gaps, duplicates, restarts, new sessions; messages that cannot be read; times that step back. */
import { describe, expect, it } from 'vitest';
import { UnparseableReason } from '../../../core/model/index.ts';
import {
  bytes,
  DEEP,
  frame,
  message,
  type Packet,
  pcap,
  segment,
  type SegmentOptions,
  START_NS,
  TOPS,
} from '../../fixtures/iex-capture.ts';
import { decodeCapture, rowsOf } from '../../fixtures/iex-decoding.ts';

const level = (price: number, ns = 0n) => message.level('8', 1, START_NS + ns, { symbol: 'SPY', price, size: 100 });
const packet = (messages: readonly Uint8Array[], options: SegmentOptions = {}): Packet => ({ data: frame(segment(messages, options)) });
const decode = (...packets: Packet[]) => decodeCapture([pcap(packets)]);
const shape = (decoded: ReturnType<typeof decode>) => rowsOf(decoded).map((row) => (row.kind === 'level' ? row.price : row.kind));

describe('sequence gate', () => {
  it('turns a hole into a gap row and goes on', () => {
    const decoded = decode(packet([level(1)]), packet([level(5)], { first: 5, sendNs: START_NS + 5n }));
    expect(shape(decoded)).toEqual([1, 'gap', 5]);
    expect(rowsOf(decoded)[1]).toMatchObject({ symbol: '*', sequence: 2, ref: 5, size: 3 });
    expect(decoded.report).toMatchObject({ gaps: 1, messages: 2 });
  });

  it('sees a gap in a heartbeat, which carries the next expected number', () => {
    const decoded = decode(packet([level(1)]), packet([], { first: 4 }), packet([level(4)], { first: 4 }));
    expect(shape(decoded)).toEqual([1, 'gap', 4]);
    expect(decoded.report).toMatchObject({ gaps: 1, heartbeats: 1 });
  });

  it('skips repeated messages one by one', () => {
    const decoded = decode(
      packet([level(1), level(2)]),
      packet([level(1), level(2)]),
      packet([level(2), level(3)], { first: 2, sendNs: START_NS + 9n }),
    );
    expect(shape(decoded)).toEqual([1, 2, 'duplicate', 'duplicate', 3]);
    expect(rowsOf(decoded)[3]).toMatchObject({ sequence: 2, size: 1 });
    expect(decoded.report).toMatchObject({ duplicates: 2, messages: 3, restarts: 0, gaps: 0 });
  });

  it('goes on after one damaged sequence number instead of taking all that follows for repeated', () => {
    const decoded = decode(
      packet([level(1)], { sendNs: START_NS + 1n }),
      packet([level(2)], { first: 90_000, sendNs: START_NS + 2n }),
      packet([level(3)], { first: 3, sendNs: START_NS + 3n }),
      packet([level(4)], { first: 4, sendNs: START_NS + 4n }),
      packet([level(4)], { first: 4, sendNs: START_NS + 4n }),
    );
    expect(shape(decoded)).toEqual([1, 'gap', 2, 'gap', 3, 4, 'duplicate']);
    expect(decoded.report).toMatchObject({ gaps: 2, duplicates: 1, messages: 4 });
  });

  it('takes late packets of a real hole for repeated: they were sent before what came first', () => {
    const decoded = decode(
      packet([level(1)], { sendNs: START_NS + 1n }),
      packet([level(3)], { first: 3, sendNs: START_NS + 3n }),
      packet([level(2)], { first: 2, sendNs: START_NS + 2n }),
    );
    expect(shape(decoded)).toEqual([1, 'gap', 3, 'duplicate']);
  });

  it('takes a stream that begins again within one session id for a restart and clears all books', () => {
    const decoded = decode(
      packet([level(1), level(2)]),
      packet([level(3)], { first: 3, sendNs: START_NS + 5n }),
      packet([level(10)], { first: 1, sendNs: START_NS + 9n }),
      packet([level(11)], { first: 2, sendNs: START_NS + 10n }),
    );
    expect(shape(decoded)).toEqual([1, 2, 3, 'restart', 'clear', 10, 11]);
    expect(rowsOf(decoded)[4]?.symbol).toBe('*');
    expect(decoded.report).toMatchObject({ restarts: 1, duplicates: 0, gaps: 0, messages: 5 });
  });

  it('clears all books when a new session id begins on the channel, and keeps channels apart', () => {
    const decoded = decode(
      packet([level(1)]),
      packet([level(2)], { channel: 2 }),
      packet([level(3)], { session: 8 }),
      packet([level(4)], { channel: 2, first: 2 }),
    );
    expect(shape(decoded)).toEqual([1, 2, 'clear', 3, 4]);
    expect(decoded.report).toMatchObject({ gaps: 0, restarts: 0, duplicates: 0 });
  });

  it('shows what came before a capture that begins in the middle, without counting a hole', () => {
    const decoded = decode(packet([level(1)], { first: 500 }), packet([level(2)], { first: 501 }));
    expect(shape(decoded)).toEqual(['gap', 1, 2]);
    expect(rowsOf(decoded)[0]).toMatchObject({ sequence: 1, ref: 500, size: 499 });
    expect(decoded.report.gaps).toBe(0);
  });
});

describe('unreadable messages', () => {
  it('counts an unknown type, keeps its bytes and goes on', () => {
    const decoded = decode(packet([level(1), message.raw(0x7a, 1, 2, 3), level(3)]));
    expect(shape(decoded)).toEqual([1, 'unparseable', 3]);
    expect(rowsOf(decoded)[1]).toMatchObject({ code: UnparseableReason.unknownMessage, sequence: 2 });
    expect(decoded.letters).toEqual([
      { reason: 'unknown message type', where: 'packet 1, message 2', bytes: bytes([0x7a, 1, 2, 3]), receiveNs: START_NS.toString() },
    ]);
    expect(decoded.report).toMatchObject({ messages: 3, unparseable: 1, messagesByType: { '8': 2, z: 1 } });
  });

  it('counts a message that is shorter than its type, or empty', () => {
    const decoded = decode(packet([level(1).subarray(0, 20), message.raw(), level(3)]));
    expect(rowsOf(decoded).map((row) => row.code)).toEqual([UnparseableReason.tooShort, UnparseableReason.tooShort, 0]);
    expect(decoded.report).toMatchObject({ messages: 3, unparseable: 2 });
  });

  it('reads a message that has grown by new fields at its end', () => {
    expect(shape(decode(packet([bytes(level(1), [9, 9, 9]), level(2)])))).toEqual([1, 2]);
  });

  it('stops a segment at a message that overruns it and goes on with the next', () => {
    const broken = segment([level(1), level(2)], { count: 4 });
    new DataView(broken.buffer).setUint16(40 + 32, 400, true);
    const decoded = decode({ data: frame(broken) }, packet([level(5)], { first: 5 }));
    expect(shape(decoded)).toEqual([1, 'unparseable', 5]);
    expect(rowsOf(decoded)[1]).toMatchObject({ code: UnparseableReason.overrunsSegment, sequence: 2, size: 3 });
    expect(decoded.report).toMatchObject({ unparseable: 1, gaps: 0, messages: 2 });
  });

  it('counts an unknown protocol or version of IEX-TP', () => {
    const decoded = decode(
      packet([level(1)]),
      packet([level(2)], { version: 2, first: 2 }),
      packet([level(3)], { protocol: 0x8009, first: 2 }),
    );
    expect(rowsOf(decoded).map((row) => row.code)).toEqual([0, UnparseableReason.unknownVersion, UnparseableReason.unknownVersion]);
    expect(decoded.report).toMatchObject({ unparseable: 2, foreignPackets: 0 });
  });

  it('refuses messages of another feed, values that no feed defines and numbers that cannot be stored', () => {
    const quote = message.quote(0, START_NS, 'SPY', { bidSize: 1, bid: 2, ask: 3, askSize: 4 });
    const bigPrice = message.level('8', 1, START_NS, { symbol: 'SPY', price: 10_000_000_000_000n, size: 1 });
    const bigId = message.trade(0, START_NS, { symbol: 'SPY', price: 1, size: 1, id: 2n ** 53n });
    const bigSize = message.level('5', 1, START_NS, { symbol: 'SPY', price: 1, size: 1_000_000_000 });
    const decoded = decode(packet([quote, message.status('Z', START_NS, 'SPY'), bigPrice, bigId, bigSize, message.status('T', 5n, 'SPY')]));
    const { unknownMessage, badField, numberOutOfRange } = UnparseableReason;
    expect(rowsOf(decoded).map((row) => row.code)).toEqual([
      unknownMessage,
      badField,
      numberOutOfRange,
      numberOutOfRange,
      numberOutOfRange,
      numberOutOfRange,
    ]);
  });
});

describe('times', () => {
  it('counts event times that step back, without rows', () => {
    const decoded = decode(packet([level(1, 10n), level(2, 5n), level(3, 20n)]));
    expect(decoded.report.timeSteps).toBe(1);
    expect(shape(decoded)).toEqual([1, 2, 3]);
  });

  it('writes a row when the capture time steps back', () => {
    const decoded = decode(
      { ...packet([level(1)]), timeNs: START_NS + 5_000_000n },
      { ...packet([level(2)], { first: 2 }), timeNs: START_NS + 2_000_000n },
    );
    expect(shape(decoded)).toEqual([1, 'timeStep', 2]);
    expect(rowsOf(decoded)[1]).toMatchObject({ size: 3_000_000 });
    expect(decoded.report.timeSteps).toBe(1);
  });

  it('takes a new base when a capture jumps by months', () => {
    const later = START_NS + 200n * 86_400_000_000_000n;
    const decoded = decode(packet([level(1)]), {
      ...packet([message.level('8', 1, later, { symbol: 'SPY', price: 2, size: 1 })], { first: 2 }),
      timeNs: later + 1000n,
    });
    expect(rowsOf(decoded).map((row) => [row.exchangeNs, row.receiveNs])).toEqual([
      [START_NS, START_NS],
      [later, later + 1000n],
    ]);
  });
});

describe('open events', () => {
  const part = (price: number, flag: number, ns: bigint) => message.level('8', flag, START_NS + ns, { symbol: 'SPY', price, size: 100 });

  it('closes an unmarked event at the next event time of its symbol and at the end', () => {
    const other = message.level('8', 1, START_NS + 3n, { symbol: 'QQQ', price: 9, size: 1 });
    const decoded = decode(packet([part(1, 0, 1n), other, part(2, 0, 1n), part(3, 1, 2n), part(4, 0, 4n)]));
    expect(shape(decoded)).toEqual([1, 9, 2, 'boundary', 3, 4, 'boundary']);
    const boundaries = rowsOf(decoded).filter((row) => row.kind === 'boundary');
    expect(boundaries.map((row) => [row.symbol, row.exchangeNs - START_NS])).toEqual([
      ['SPY', 1n],
      ['SPY', 4n],
    ]);
  });

  it('closes it before a trade of a later event, so that the trade meets the complete book', () => {
    const trade = message.trade(0, START_NS + 7n, { symbol: 'SPY', price: 1, size: 1, id: 1 });
    expect(shape(decode(packet([part(1, 0, 1n), trade])))).toEqual([1, 'boundary', 'trade']);
  });

  it('keeps the same name of two feeds apart', () => {
    const quote = message.quote(0x40, START_NS, 'SPY', { bidSize: 1, bid: 2, ask: 3, askSize: 4 });
    const decoded = decode(packet([level(1)], { protocol: DEEP }), packet([quote], { protocol: TOPS, channel: 2 }));
    expect(decoded.instruments.map((one) => [one.id, one.symbol, one.bookKind])).toEqual([
      [0, 'SPY', 'levels'],
      [1, 'SPY', 'quotes'],
    ]);
    expect(decoded.report.protocol).toBe('DEEP 1.0, TOPS 1.6');
  });
});
