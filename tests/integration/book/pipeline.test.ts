/** The book worker's pipeline role in a real thread: messages, credits, ends and failures. */
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventBatch, EventFlag, EventKind, Side } from '../../../core/model/index.ts';
import {
  BATCH_CREDITS,
  type PipelineOutcome,
  type BatchMessage,
  type BookCalls,
  type BookEvents,
  Caller,
  CreditSender,
  type StoreMessage,
  returnCredit,
} from '../../../native-workers/protocol/index.ts';
import { batchOf, testInstrument, type Row } from '../../fixtures/book-rows.ts';

let worker: Worker;
let caller: Caller<BookCalls, BookEvents>;

beforeAll(() => {
  worker = new Worker(new URL('../../../native-workers/book/worker.ts', import.meta.url));
  caller = new Caller<BookCalls, BookEvents>(worker);
  worker.on('error', (error) => caller.fail(error));
});
afterAll(() => worker.terminate());

/** A session: levels of two instruments, trades, a crossed event. */
function session(): Row[] {
  return Array.from({ length: 3000 }, (_, i): Row => {
    const instrument = i % 3 === 0 ? 1 : 0;
    const receiveTime = i * 1_000_000;
    if (i % 10 === 9) return { kind: EventKind.trade, instrument, price: 101 + (i % 2), size: 1, receiveTime, exchangeTime: receiveTime };
    const price = i === 1500 ? 500 : i % 2 === 0 ? 100 - (i % 7) : 101 + (i % 7);
    return {
      kind: EventKind.level,
      instrument,
      side: 1 + (i % 2),
      price,
      size: i === 1500 ? 5 : i % 5,
      flags: EventFlag.eventEnd,
      receiveTime,
      exchangeTime: receiveTime,
    };
  }).concat([
    { kind: EventKind.level, side: Side.bid, price: 400, size: 1, flags: EventFlag.eventEnd, receiveTime: 3e9, exchangeTime: 3e9 },
  ]);
}

async function feed(port: MessagePort, rows: readonly Row[], cut: number): Promise<void> {
  const sender = new CreditSender<BatchMessage>(port);
  sender.send({ type: 'instruments', instruments: [testInstrument(0), testInstrument(1)] });
  for (let from = 0; from < rows.length; from += cut) {
    const batch = batchOf(rows.slice(from, from + cut));
    await sender.ready();
    sender.send({ type: 'batch', buffer: batch.buffer }, [batch.buffer], true);
  }
  sender.send({ type: 'end' });
}

/** Takes everything a store would take; `slow` holds credits back until `BATCH_CREDITS` messages are here. */
function storeEnd(port: MessagePort, slow = false) {
  const messages: StoreMessage[] = [];
  let held = 0;
  let mostHeld = 0;
  let atEnd: (() => void) | null = null;
  const ended = new Promise<void>((resolve) => {
    atEnd = resolve;
  });
  port.on('message', (message: StoreMessage) => {
    messages.push(message);
    if (message.type === 'end') atEnd?.();
    if (!('buffer' in message)) return;
    held++;
    mostHeld = Math.max(mostHeld, held);
    if (slow && held < BATCH_CREDITS) return;
    for (; held > 0; held--) returnCredit(port);
  });
  return { messages, ended, mostHeld: () => mostHeld };
}

describe('the pipeline role', () => {
  it('numbers the rows, passes them on with derived rows and keyframes, and gives the same state hash whatever the batches', async () => {
    const hashes: string[] = [];
    for (const cut of [3001, 700, 11]) {
      const input = new MessageChannel();
      const output = new MessageChannel();
      const store = storeEnd(output.port2, true);
      const outcome = caller.call('pipeline', { input: input.port1, output: output.port1 }, [input.port1, output.port1]);
      await feed(input.port2, session(), cut);
      const { report, instruments } = await outcome;
      await store.ended;
      hashes.push(report.stateHash);
      expect(report).toMatchObject({ events: 3001, trades: 300, crossed: 2, firstReceiveNs: '1700000000123456789' });
      expect(instruments.map(({ symbol, events, trades }) => [symbol, events, trades])).toEqual([
        ['S0', 2001, 200],
        ['S1', 1000, 100],
      ]);

      const of = (type: string) => store.messages.filter((message) => message.type === type);
      const batches = of('batch').map((message) => new EventBatch((message as { buffer: ArrayBuffer }).buffer));
      expect(batches.map((batch) => batch.firstOrdinal)).toEqual(batches.map((_, i) => i * cut));
      expect(batches.reduce((rows, batch) => rows + batch.rows, 0)).toBe(3001);
      const derived = of('derived') as { buffer: ArrayBuffer; ordinals: Float64Array }[];
      expect(derived.flatMap(({ ordinals }) => [...ordinals])).toContain(1500);
      expect(of('keyframe').length).toBeGreaterThan(0);
      expect(store.messages.at(-1)?.type).toBe('end');
      expect(store.mostHeld()).toBeLessThanOrEqual(BATCH_CREDITS);
      output.port2.close();
    }
    expect(new Set(hashes).size).toBe(1);
  });

  it('verifies without an output and comes to the same outcome', async () => {
    const runs: PipelineOutcome[] = [];
    for (const cut of [400, 5000]) {
      const input = new MessageChannel();
      const outcome = caller.call('pipeline', { input: input.port1, output: null }, [input.port1]);
      await feed(input.port2, session(), cut);
      runs.push(await outcome);
    }
    expect(runs[0]).toEqual(runs[1]);
  });

  it('changes its state hash when one row differs', async () => {
    const hashes = new Set<string>();
    for (const size of [1, 2]) {
      const rows = session();
      rows[7] = { ...rows[7], size };
      const input = new MessageChannel();
      const outcome = caller.call('pipeline', { input: input.port1, output: null }, [input.port1]);
      await feed(input.port2, rows, 1000);
      hashes.add((await outcome).report.stateHash);
    }
    expect(hashes.size).toBe(2);
  });

  it('rejects when the source closes before its end', async () => {
    const input = new MessageChannel();
    const outcome = caller.call('pipeline', { input: input.port1, output: null }, [input.port1]);
    input.port2.close();
    await expect(outcome).rejects.toMatchObject({ wire: { code: 'book.source-gone' } });
  });

  it('rejects when the store goes away, and closes the source', async () => {
    const input = new MessageChannel();
    const output = new MessageChannel();
    const closed = new Promise((resolve) => input.port2.on('close', resolve));
    const outcome = caller.call('pipeline', { input: input.port1, output: output.port1 }, [input.port1, output.port1]);
    output.port2.close();
    const fed = feed(input.port2, session(), 10);
    await expect(outcome).rejects.toMatchObject({ wire: { code: 'book.store-gone' } });
    await closed;
    await fed;
  });

  it('rejects rows that name an instrument nobody defined', async () => {
    const input = new MessageChannel();
    const outcome = caller.call('pipeline', { input: input.port1, output: null }, [input.port1]);
    await feed(input.port2, [{ kind: EventKind.trade, instrument: 5 }], 10);
    await expect(outcome).rejects.toThrow(/never defined/);
  });
});
