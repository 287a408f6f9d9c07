/**
 * Takes the rows of a session off a port into staging: splits them by stream and appends them to DuckDB, gives a credit
 * back for each batch that is stored. Must not know books or where rows come from.
 */
import { join } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { DepthscopeError } from '../../core/contract/index.ts';
import { EventBatch, type Instrument } from '../../core/model/index.ts';
import { returnCredit, type StoreMessage } from '../protocol/index.ts';
import { StreamAppender } from './appender.ts';
import { SOURCE_STREAMS, STREAM_OF_KIND, WRITTEN_STREAMS } from './columns.ts';
import { closeDuck, openDuck, type Duck } from './duck.ts';
import { migrationsOf } from './migrations.ts';
import { RowWriter } from './row-writer.ts';
import { storeTrouble } from './trouble.ts';

/** Rows after which DuckDB is told to write its log into the file: keeps the log, and the memory for it, small. */
const CHECKPOINT_ROWS = 2_000_000;
const PROGRESS_MS = 100;

/** What a consumer needs from its owner. */
export interface ConsumeContext {
  readonly folder: string;
  onProgress(rows: number): void;
  onDeadLetter(letter: Extract<StoreMessage, { type: 'dead-letter' }>['letter']): void;
}

/** A session being recorded. */
export class Staging {
  readonly duck: Duck;
  readonly folder: string;
  readonly instruments: Instrument[] = [];
  /** Source rows so far; the next batch must start here. */
  rows = 0;
  private readonly context: ConsumeContext;
  private readonly appenders: readonly StreamAppender[];
  private readonly rowWriter = new RowWriter();
  private sinceCheckpoint = 0;
  private lastProgress = 0;
  private closed = false;
  private cancelled = false;
  private stopConsuming: ((thrown: unknown) => void) | null = null;

  private constructor(duck: Duck, appenders: readonly StreamAppender[], context: ConsumeContext) {
    this.duck = duck;
    this.appenders = appenders;
    this.context = context;
    this.folder = context.folder;
  }

  /** Makes the staging database in an existing, empty folder. */
  static async create(context: ConsumeContext): Promise<Staging> {
    const duck = await openDuck(join(context.folder, 'staging.duckdb'), join(context.folder, 'scratch'));
    try {
      // Checkpoints come when we say so, not in the middle of a batch.
      await duck.connection.run("SET checkpoint_threshold = '1TB'");
      for (const migration of migrationsOf('duckdb')) await duck.connection.run(migration.sql);
      const appenders: StreamAppender[] = [];
      for (const stream of WRITTEN_STREAMS) appenders.push(await StreamAppender.open(duck.connection, stream));
      return new Staging(duck, appenders, context);
    } catch (thrown) {
      closeDuck(duck);
      throw thrown;
    }
  }

  /** Resolves when `end` was taken and every row is in DuckDB; rejects at the first row that cannot be stored, and closes the port. */
  consume(input: MessagePort): Promise<void> {
    return new Promise((resolve, reject) => {
      // Messages are taken one after another even though a checkpoint is asynchronous.
      let tail = Promise.resolve();
      let over = false;
      const fail = (thrown: unknown): void => {
        if (over) return;
        over = true;
        input.close();
        reject(storeTrouble(thrown, 'writing the recording'));
      };
      this.stopConsuming = (thrown) => {
        tail = tail.then(() => fail(thrown));
      };
      input.on('message', (message: StoreMessage) => {
        tail = tail
          .then(async () => {
            if (over) return;
            await this.take(message, input);
            if (message.type !== 'end') return;
            over = true;
            resolve();
          })
          .catch(fail);
      });
      input.on('close', () => {
        tail = tail.then(() =>
          fail(new DepthscopeError('store.source-gone', 'The source of the recording ended before its last row; nothing was kept.')),
        );
      });
    });
  }

  /** Makes whatever runs on this staging reject soon; the caller waits for that before it closes. */
  cancel(): void {
    this.cancelled = true;
    this.stopConsuming?.(aborted());
    if (!this.closed) this.duck.connection.interrupt();
  }

  /** Throws when the staging was cancelled. */
  checkCancelled(): void {
    if (this.cancelled) throw aborted();
  }

  /** Closes the database; the files stay. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    closeDuck(this.duck);
  }

  private async take(message: StoreMessage, input: MessagePort): Promise<void> {
    this.checkCancelled();
    switch (message.type) {
      case 'instruments':
        this.rowWriter.define(message.instruments);
        this.instruments.push(...message.instruments);
        return;
      case 'batch':
        this.appendSource(new EventBatch(message.buffer));
        break;
      case 'derived':
        this.appendAt(new EventBatch(message.buffer), message.ordinals, this.appenders[SOURCE_STREAMS.length - 1]);
        break;
      case 'keyframe':
        this.appendAt(new EventBatch(message.buffer), message.ordinals, this.appenders[SOURCE_STREAMS.length]);
        break;
      case 'dead-letter':
        this.context.onDeadLetter(message.letter);
        return;
      case 'end':
        for (const appender of this.appenders) {
          appender.flush();
          appender.close();
        }
        await this.duck.connection.run('CHECKPOINT');
        this.context.onProgress(this.rows);
        return;
    }
    if (this.sinceCheckpoint >= CHECKPOINT_ROWS) {
      this.sinceCheckpoint = 0;
      for (const appender of this.appenders) appender.flush();
      await this.duck.connection.run('CHECKPOINT');
    }
    // Every message with a buffer costs its sender one credit, whatever it holds; batches go back to be filled again.
    if (message.type === 'batch') returnCredit(input, message.buffer);
    else {
      // Frees the buffer now: waiting for the garbage collector costs memory at full speed.
      message.buffer.transfer(0);
      returnCredit(input);
    }
    const now = performance.now();
    if (now - this.lastProgress >= PROGRESS_MS) {
      this.lastProgress = now;
      this.context.onProgress(this.rows);
    }
  }

  private appendSource(batch: EventBatch): void {
    if (batch.firstOrdinal !== this.rows) {
      throw new DepthscopeError('store.broken-order', `Rows are missing: row ${this.rows} was expected, row ${batch.firstOrdinal} came.`);
    }
    const { rows } = batch;
    this.rowWriter.begin(batch);
    for (let from = 0; from < rows; ) {
      const stream = STREAM_OF_KIND[batch.kind[from]];
      const to = endOfStream(batch, from);
      this.rowWriter.putRun(from, to, this.rows, this.appenders[stream]);
      from = to;
    }
    this.rows += rows;
    this.sinceCheckpoint += rows;
  }

  private appendAt(batch: EventBatch, ordinals: Float64Array, appender: StreamAppender): void {
    this.rowWriter.begin(batch);
    for (let row = 0; row < batch.rows; row++) this.rowWriter.put(row, ordinals[row], appender);
    this.sinceCheckpoint += batch.rows;
  }
}

/** Returns the row after the last of the run, from `from` on, that goes to one stream. */
function endOfStream({ kind, rows }: EventBatch, from: number): number {
  const stream = STREAM_OF_KIND[kind[from]];
  let to = from + 1;
  while (to < rows && STREAM_OF_KIND[kind[to]] === stream) to++;
  return to;
}

function aborted(): DepthscopeError {
  return new DepthscopeError('store.aborted', 'The recording was given up; nothing of it was kept.');
}
