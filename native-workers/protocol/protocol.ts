/**
 * Every message between the host thread and its workers, and between workers. Calls go through WorkerEndpoint (one
 * request, one reply, by id); batches go over dedicated MessagePorts with credits. Only core types appear here.
 *
 *   import worker ──BatchMessage──▶ book worker ──StoreMessage──▶ store worker      (credits flow the other way)
 */
import type { ActivityStrip, RecordingVenue, SessionEvent, ViewInfo, ViewWindow, WireError } from '../../core/contract/index.ts';
import type {
  BookReport,
  DeadLetter,
  ImportReport,
  Instrument,
  InstrumentActivity,
  Manifest,
  QualityBand,
  SessionSummary,
  SourceFile,
  SourceReport,
} from '../../core/model/index.ts';
import type { MessagePort } from 'node:worker_threads';

/** Batches that may be on their way to a consumer; it returns one credit for each that it is done with. */
export const BATCH_CREDITS = 8;

export type ImportSource =
  | { readonly kind: 'files'; readonly paths: readonly string[]; readonly venue: RecordingVenue | null }
  | { readonly kind: 'synthetic'; readonly seed: number; readonly seconds: number; readonly startNs: string };

/** What an import worker says of itself when it is done. */
export interface ImportOutcome {
  readonly source: SourceReport;
  readonly files: readonly SourceFile[];
  readonly venue: string;
  readonly title: string;
  readonly synthetic: boolean;
  /** SHA-256 over the files' digests, the venue of recordings that do not name theirs, and the decoder's version: same content, same session. */
  readonly contentId: string;
}

/** Calls answered by native-workers/import. */
export interface ImportCalls {
  /** Runs to the end of the source; the outcome is also the last message on `out`. Rejects with a WireError. */
  run: { args: { source: ImportSource; out: MessagePort }; result: ImportOutcome };
  /** Makes `run` reject with `import.cancelled` soon. */
  cancel: { args: Record<string, never>; result: null };
  /** Returns only the content id: hashes the files and reads nothing else. */
  contentId: { args: { source: ImportSource }; result: string };
}
/** Events sent by the import worker at most 10 times a second. */
export interface ImportEvents {
  progress: { bytesDone: number; bytesTotal: number; messages: number; report: SourceReport };
}

/** import → book. Port messages the other way: `{ type: 'credit' }`. */
export type BatchMessage =
  | { readonly type: 'instruments'; readonly instruments: readonly Instrument[] }
  | { readonly type: 'batch'; readonly buffer: ArrayBuffer }
  | { readonly type: 'dead-letter'; readonly letter: DeadLetter }
  | { readonly type: 'end' };

/** book → store. Port messages the other way: `{ type: 'credit' }`. */
export type StoreMessage =
  | { readonly type: 'instruments'; readonly instruments: readonly Instrument[] }
  /** Source rows in order; firstOrdinal is set. Aggressor sides are filled in. */
  | { readonly type: 'batch'; readonly buffer: ArrayBuffer }
  /** Rows with flag derived; `ref`… as in kinds.ts. `ordinals[i]` = ordinal of the source row that caused row i. */
  | { readonly type: 'derived'; readonly buffer: ArrayBuffer; readonly ordinals: Float64Array }
  /** Full images of single books: each is snapshotBegin, levels or orderAdds, snapshotEnd. `ordinals[i]` = the last source row the image contains. */
  | { readonly type: 'keyframe'; readonly buffer: ArrayBuffer; readonly ordinals: Float64Array }
  | { readonly type: 'dead-letter'; readonly letter: DeadLetter }
  | { readonly type: 'end' };

export interface PipelineOutcome {
  readonly report: BookReport;
  readonly instruments: readonly InstrumentActivity[];
  readonly bands: readonly QualityBand[];
}

/** Calls answered by native-workers/book. */
export interface BookCalls {
  /** Pipeline role: consumes `input` until `end`, feeds `output` (null when verifying). */
  pipeline: { args: { input: MessagePort; output: MessagePort | null }; result: PipelineOutcome };
  /** View role: gives the worker its road to the store worker; once. */
  connectStore: { args: { store: MessagePort }; result: null };
  'view.open': { args: { viewId: string; sessionId: string; instrumentId: number }; result: ViewInfo };
  'view.window': { args: { viewId: string; epoch: number; window: ViewWindow }; result: null };
  'view.close': { args: { viewId: string }; result: null };
  /** Says that the last frame of the view was consumed: the next may be sent. */
  'view.ack': { args: { viewId: string }; result: null };
  'replay.play': { args: { viewId: string; speed: number }; result: null };
  'replay.pause': { args: { viewId: string }; result: null };
  'replay.seek': { args: { viewId: string; epoch: number; timeNs: string }; result: null };
  'replay.step': { args: { viewId: string; epoch: number; unit: 'event' | 'bucket' | 'trade'; direction: 1 | -1 }; result: null };
  /** Book at a time, best first, for the command line: [price, size] as decimal text. */
  'book.at': {
    args: { sessionId: string; instrumentId: number; timeNs: string; depth: number };
    result: { timeNs: string; state: string; bids: [string, string][]; asks: [string, string][] };
  };
}
export interface BookEvents {
  /** An encoded ViewFrame, transferred. At most one is unacknowledged per view. */
  frame: { viewId: string; bytes: Uint8Array<ArrayBuffer> };
  viewError: { viewId: string; error: WireError };
  /** Pipeline role, at most 10 a second. */
  pipelineProgress: { events: number };
}

export type TimelineResolution = 'raw' | '1s' | '10s' | '1m' | '10m';

/** Calls answered by native-workers/store. `store.*` calls of a reader may come over a port given by `connect`. */
export interface StoreCalls {
  /** Opens (and migrates) the data directory: catalogue, staging clean-up, adoption of complete unlisted sessions. */
  open: {
    args: { dataDir: string /** Name and version of the program, for manifests. */; software?: string };
    result: {
      adopted: number;
      cleaned: number /** Titles of listed sessions whose folder is gone; they are off the list now. */;
      missing: readonly string[];
    };
  };
  close: { args: Record<string, never>; result: null };
  /** Gives another worker its own road in: the same calls over `port`. */
  connect: { args: { port: MessagePort }; result: null };
  'sessions.list': { args: Record<string, never>; result: SessionSummary[] };
  /** A damaged session counts as absent: sealing the same content replaces it. */
  'sessions.findContent': { args: { contentId: string }; result: SessionSummary | null };
  'sessions.manifest': { args: { sessionId: string }; result: Manifest };
  /** Reads every file; returns in words which is not what was sealed. */
  'sessions.faults': { args: { sessionId: string }; result: string[] };
  'sessions.delete': { args: { sessionId: string }; result: null };
  'sessions.setVerified': { args: { sessionId: string; verified: boolean }; result: null };
  'sessions.activity': { args: { sessionId: string; instrumentId: number | null; bins: number }; result: ActivityStrip };
  'sessions.events': { args: { sessionId: string; instrumentId: number | null; limit: number }; result: SessionEvent[] };
  /** Starts consuming `input` (StoreMessages) into staging/<stagingId>; resolves when `end` was consumed and rows are in DuckDB. */
  'write.consume': { args: { stagingId: string; input: MessagePort }; result: { rows: number } };
  /** Seals staging to Parquet, moves it to sessions/<id>, lists it. All or nothing. */
  'write.seal': {
    args: { stagingId: string; import: ImportOutcome; book: PipelineOutcome; seconds: number };
    result: { summary: SessionSummary; report: ImportReport };
  };
  /** Forgets staging/<stagingId> whatever its state. */
  'write.abort': { args: { stagingId: string }; result: null };
  /** Sends all source rows of a sealed session, in ordinal order, as BatchMessages on `out` (credits apply). */
  'read.all': { args: { sessionId: string; out: MessagePort }; result: { rows: number } };
  /**
   * Rows of one instrument (and ALL_INSTRUMENTS rows) needed to show [fromNs, toNs] of receive time: the last keyframe at or
   * before fromNs, then every row after it up to toNs, ordinal order. Resolution other than raw: `level` rows thinned to the
   * last per price and bucket (which keeps its own time), trades and events unthinned, quotes left out for books of levels; derived rows are left out.
   * `before` and `rows` are EventBatch buffers (transferred); `before` = keyframe image, empty when the session starts from nothing.
   */
  'read.timeline': {
    args: { sessionId: string; instrumentId: number; fromNs: string; toNs: string; resolution: TimelineResolution };
    result: { keyframeNs: string | null; keyframeOrdinal: number; before: ArrayBuffer | null; rows: ArrayBuffer[] };
  };
  'export.run': {
    args: {
      jobId: string;
      sessionId: string;
      stream: 'trade' | 'depth' | 'quote' | 'event';
      format: 'parquet' | 'csv' | 'jsonl';
      path: string;
      overwrite: boolean;
    };
    result: { rows: number; bytes: number };
  };
  'export.cancel': { args: { jobId: string }; result: null };
  'settings.get': { args: { key: string }; result: string | null };
  'settings.set': { args: { key: string; value: string }; result: null };
  /** cacheBytes: bytes of all listed recordings on disk. */
  status: { args: Record<string, never>; result: { cacheBytes: number; deadLetters: number } };
}
/** `write.consume` progress, at most 10 a second. */
export interface StoreEvents {
  writeProgress: { stagingId: string; rows: number };
  sealProgress: { stagingId: string; phase: string; fraction: number };
  sessionsChanged: Record<string, never>;
}
