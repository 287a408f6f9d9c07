/** A store worker in a real thread with hand-made sessions to feed it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import {
  emptySourceReport,
  EventBatch,
  EventFlag,
  EventKind,
  type BookReport,
  type Instrument,
  type SourceReport,
} from '../../../core/model/index.ts';
import {
  Caller,
  CreditSender,
  type BatchMessage,
  type ImportOutcome,
  type PipelineOutcome,
  type StoreCalls,
  type StoreEvents,
  type StoreMessage,
} from '../../../native-workers/protocol/index.ts';

export type Row = {
  kind: number;
  side?: number;
  code?: number;
  flags?: number;
  instrument?: number;
  price?: number;
  size?: number;
  exchangeNs?: bigint;
  receiveNs: bigint;
  sequence?: number;
  ref?: number;
};

/** 2023-11-14T22:13:20Z */
export const BASE_NS = 1_700_000_000_000_000_000n;

export const INSTRUMENTS: readonly Instrument[] = [
  {
    id: 0,
    venue: 'test',
    symbol: 'AAA',
    canonicalSymbol: 'AAA',
    assetClass: 'equity',
    priceScale: 4,
    sizeScale: 0,
    tickUnits: null,
    priceText: 'fixed',
    bookKind: 'levels',
    synthetic: false,
  },
  {
    id: 1,
    venue: 'test',
    symbol: 'BBBUSDT',
    canonicalSymbol: null,
    assetClass: 'crypto',
    priceScale: 8,
    sizeScale: 8,
    tickUnits: 10,
    priceText: 'canonical',
    bookKind: 'orders',
    synthetic: false,
  },
  {
    id: 2,
    venue: 'test',
    symbol: 'NINE',
    canonicalSymbol: null,
    assetClass: 'crypto',
    priceScale: 9,
    sizeScale: 9,
    tickUnits: null,
    priceText: 'canonical',
    bookKind: 'levels',
    synthetic: false,
  },
];

/** A running store worker. */
export class StoreThread {
  readonly caller: Caller<StoreCalls, StoreEvents>;
  readonly worker: Worker;
  private constructor(worker: Worker) {
    this.worker = worker;
    this.caller = new Caller(worker);
  }

  static start(): StoreThread {
    return new StoreThread(new Worker(new URL('../../../native-workers/store/worker.ts', import.meta.url)));
  }

  /** Closes the data directory and ends the thread. */
  async stop(): Promise<void> {
    await this.caller.call('close', {});
    await this.worker.terminate();
  }

  /** Records, seals and lists a session of these messages. */
  async record(
    messages: readonly StoreMessage[],
    contentId: string,
    report: Partial<BookReport> = {},
    source: Partial<SourceReport> = {},
  ): Promise<void> {
    const stagingId = `staging-${contentId.slice(0, 16)}`;
    await this.consume(stagingId, messages);
    const outcome = importOutcome(contentId);
    await this.caller.call('write.seal', {
      stagingId,
      import: { ...outcome, source: { ...outcome.source, ...source } },
      book: bookOutcome(report),
      seconds: 1,
    });
  }

  /** Feeds a staging to its end. */
  async consume(stagingId: string, messages: readonly StoreMessage[]): Promise<{ rows: number }> {
    const { port1, port2 } = new MessageChannel();
    const done = this.caller.call('write.consume', { stagingId, input: port2 }, [port2]);
    await feed(port1, messages);
    try {
      return await done;
    } finally {
      port1.close();
    }
  }

  /** Returns every row that `read.all` sends. */
  async readAll(sessionId: string): Promise<{ rows: Row[]; ordinals: number[] }> {
    const { port1, port2 } = new MessageChannel();
    const rows: Row[] = [];
    const ordinals: number[] = [];
    port1.on('message', (message: BatchMessage) => {
      if (message.type !== 'batch') return;
      const batch = new EventBatch(message.buffer);
      for (let row = 0; row < batch.rows; row++) {
        rows.push(rowOf(batch, row));
        ordinals.push(batch.firstOrdinal + row);
      }
      port1.postMessage({ type: 'credit' });
    });
    await new Promise<void>((resolve, reject) => {
      port1.on('message', (message: BatchMessage) => {
        if (message.type === 'end') resolve();
      });
      this.caller.call('read.all', { sessionId, out: port2 }, [port2]).catch(reject);
    });
    port1.close();
    return { rows, ordinals };
  }
}

/** Sends messages as a book worker would: batches cost credits. A receiver that is gone ends it quietly. */
export async function feed(port: MessagePort, messages: readonly StoreMessage[]): Promise<void> {
  const sender = new CreditSender<StoreMessage>(port);
  for (const message of messages) {
    const counted = message.type === 'batch' || message.type === 'derived' || message.type === 'keyframe';
    if (counted) await sender.ready();
    sender.send(message, [], counted);
  }
}

/** Returns rows as a batch buffer. */
export function batchOf(rows: readonly Row[], firstOrdinal: number, baseNs: bigint = BASE_NS): ArrayBuffer {
  const batch = EventBatch.allocate(rows.length, baseNs);
  rows.forEach((row, i) => {
    batch.kind[i] = row.kind;
    batch.side[i] = row.side ?? 0;
    batch.code[i] = row.code ?? 0;
    batch.flags[i] = row.flags ?? 0;
    batch.instrument[i] = row.instrument ?? 0;
    batch.price[i] = row.price ?? 0;
    batch.size[i] = row.size ?? 0;
    batch.exchangeTime[i] = Number((row.exchangeNs ?? row.receiveNs) - baseNs);
    batch.receiveTime[i] = Number(row.receiveNs - baseNs);
    batch.sequence[i] = row.sequence ?? 0;
    batch.ref[i] = row.ref ?? 0;
  });
  batch.rows = rows.length;
  batch.firstOrdinal = firstOrdinal;
  return batch.buffer;
}

/** Returns a row of a batch with absolute times, every column filled. */
export function rowOf(batch: EventBatch, row: number): Row {
  return {
    kind: batch.kind[row],
    side: batch.side[row],
    code: batch.code[row],
    flags: batch.flags[row],
    instrument: batch.instrument[row],
    price: batch.price[row],
    size: batch.size[row],
    exchangeNs: batch.baseNs + BigInt(batch.exchangeTime[row]),
    receiveNs: batch.baseNs + BigInt(batch.receiveTime[row]),
    sequence: batch.sequence[row],
    ref: batch.ref[row],
  };
}

/** Returns the row with every absent column as a recording would give it back. */
export function full(row: Row): Row {
  return {
    kind: row.kind,
    side: row.side ?? 0,
    code: row.code ?? 0,
    flags: row.flags ?? 0,
    instrument: row.instrument ?? 0,
    price: row.price ?? 0,
    size: row.size ?? 0,
    exchangeNs: row.exchangeNs ?? row.receiveNs,
    receiveNs: row.receiveNs,
    sequence: row.sequence ?? 0,
    ref: row.ref ?? 0,
  };
}

/** Returns the messages of a session: instruments, batches of `batchRows`, end. */
export function sessionOf(rows: readonly Row[], batchRows = 1000): StoreMessage[] {
  const messages: StoreMessage[] = [{ type: 'instruments', instruments: INSTRUMENTS }];
  for (let at = 0; at < rows.length; at += batchRows) messages.push({ type: 'batch', buffer: batchOf(rows.slice(at, at + batchRows), at) });
  messages.push({ type: 'end' });
  return messages;
}

export function importOutcome(contentId: string): ImportOutcome {
  return {
    source: { ...emptySourceReport(), container: 'test', protocol: 'hand-made' },
    files: [{ name: 'hand-made.txt', bytes: 1, sha256: '00' }],
    venue: 'test',
    title: `Session ${contentId.slice(0, 4)}`,
    synthetic: false,
    contentId,
  };
}

export function bookOutcome(report: Partial<BookReport> = {}): PipelineOutcome {
  return {
    report: {
      trades: 0,
      levelUpdates: 0,
      unknownLevelRemovals: 0,
      unknownOrders: 0,
      crossed: 0,
      events: 0,
      firstTimeNs: null,
      lastTimeNs: null,
      firstReceiveNs: null,
      lastReceiveNs: null,
      finalBooksSha256: null,
      finalQuotesSha256: null,
      stateHash: 'none',
      ...report,
    },
    instruments: INSTRUMENTS.map((instrument) => ({ ...instrument, events: 1, trades: 1, levelUpdates: 1 })),
    bands: [],
  };
}

/** Returns a content id whose session id is its first 16 digits. */
export function contentId(seed: number): string {
  return seed.toString(16).padStart(16, '0').padEnd(64, 'f');
}

/** Makes a folder and returns it with the function that removes it. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'depthscope-store-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Returns level rows one millisecond apart, walking through prices on both sides. */
export function stepRows(count: number): Row[] {
  return Array.from({ length: count }, (_, i) => ({
    kind: EventKind.level,
    side: 1 + (i % 2),
    flags: EventFlag.eventEnd,
    price: 10_000 + ((i * 7) % 40),
    size: 1 + (i % 90),
    sequence: i,
    receiveNs: BASE_NS + BigInt(i) * 1_000_000n,
  }));
}
