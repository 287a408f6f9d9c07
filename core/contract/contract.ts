/**
 * Every call and stream between a screen (or test) and the host. Client and server types derive from this file, so a
 * missing handler does not compile. Requests are validated at the host by the schemas; replies are trusted types.
 * Nanosecond times travel as decimal text.
 */
import { z } from 'zod';
import type { InstrumentActivity, Manifest, QualityBand, SessionSummary } from '../model/index.ts';
import type { WireError } from './errors.ts';

/* Compiled schemas would need `unsafe-eval`, which the page's content security policy forbids. */
z.config({ jitless: true });

const id = z.string().min(1).max(200);
const ns = z.string().regex(/^-?\d{1,19}$/);
const path = z.string().min(1).max(4096);
const instrumentId = z.number().int().min(0).max(0xffff_fffe);
const none = z.object({}).strict();

/** Venues whose raw recordings can be imported. */
export const RECORDING_VENUES = ['binance', 'binance-usdm', 'binance-coinm'] as const;
export type RecordingVenue = (typeof RECORDING_VENUES)[number];

export const PLAY_SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4, 10, 50, 100, 1000] as const;

const viewWindow = z
  .object({
    /** Right edge of the map, ns; null = follow the play head. */
    endNs: ns.nullable(),
    bucketNs: z.number().int().min(1_000_000).max(3_600_000_000_000),
    /** Time buckets in the window. */
    rows: z.number().int().min(1).max(4096),
    /** Lowest price of the map in price units; null = the worker centres on the touch at the head. */
    lowUnits: z.number().int().nullable(),
    /** Price units per bin. */
    binUnits: z.number().int().min(1),
    bins: z.number().int().min(1).max(2048),
  })
  .strict();
export type ViewWindow = z.infer<typeof viewWindow>;

/** Parameters of every call. */
export const callSchemas = {
  'app.info': none,
  'sessions.list': none,
  'sessions.manifest': z.object({ sessionId: id }).strict(),
  'sessions.activity': z.object({ sessionId: id, instrumentId: instrumentId.nullable(), bins: z.number().int().min(1).max(4096) }).strict(),
  /** Gaps, restarts, status changes, unparseable messages …: newest last. */
  'sessions.events': z.object({ sessionId: id, instrumentId: instrumentId.nullable(), limit: z.number().int().min(1).max(1000) }).strict(),
  'sessions.delete': z.object({ sessionId: id }).strict(),
  'sessions.verify': z.object({ sessionId: id }).strict(),
  'import.files': z.object({ paths: z.array(path).min(1).max(64), venue: z.enum(RECORDING_VENUES).nullable() }).strict(),
  'import.sample': none,
  /** A file dropped on a browser has no path: its bytes come up in chunks and are imported when the last is there. */
  'upload.begin': z.object({ name: z.string().min(1).max(255), bytes: z.number().int().min(0) }).strict(),
  /** The chunk is the binary part of the request. */
  'upload.chunk': z.object({ uploadId: id, offset: z.number().int().min(0) }).strict(),
  'upload.abort': z.object({ uploadId: id }).strict(),
  'upload.import': z.object({ uploadIds: z.array(id).min(1).max(64), venue: z.enum(RECORDING_VENUES).nullable() }).strict(),
  'export.start': z
    .object({
      sessionId: id,
      stream: z.enum(['trade', 'depth', 'quote', 'event']),
      format: z.enum(['parquet', 'csv', 'jsonl']),
      path,
      overwrite: z.boolean(),
    })
    .strict(),
  'jobs.cancel': z.object({ jobId: id }).strict(),
  'jobs.dismiss': z.object({ jobId: id }).strict(),
  'view.open': z.object({ sessionId: id, instrumentId }).strict(),
  'view.window': z.object({ viewId: id, epoch: z.number().int().min(0), window: viewWindow }).strict(),
  'view.close': z.object({ viewId: id }).strict(),
  'replay.play': z.object({ viewId: id, speed: z.number().min(0.01).max(100_000) }).strict(),
  'replay.pause': z.object({ viewId: id }).strict(),
  'replay.seek': z.object({ viewId: id, epoch: z.number().int().min(0), timeNs: ns }).strict(),
  'replay.step': z
    .object({
      viewId: id,
      epoch: z.number().int().min(0),
      unit: z.enum(['event', 'bucket', 'trade']),
      direction: z.union([z.literal(1), z.literal(-1)]),
    })
    .strict(),
} as const;

export type CallName = keyof typeof callSchemas;
export type CallParams<K extends CallName> = z.infer<(typeof callSchemas)[K]>;

export interface AppInfo {
  readonly version: string;
  /** Where the screen runs. */
  readonly shell: 'electron' | 'browser';
  readonly dataDir: string;
  /** True when paths of this machine can be opened directly (always, the host is local). */
  readonly node: string;
}

export interface JobState {
  readonly jobId: string;
  readonly kind: 'import' | 'verify' | 'export';
  readonly title: string;
  readonly state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  /** In words: `reading`, `sealing`, `verifying` … */
  readonly phase: string;
  readonly bytesDone: number;
  /** 0 when unknown. */
  readonly bytesTotal: number;
  readonly messages: number;
  /** Messages per second over the last second. */
  readonly messagesPerSecond: number;
  /** Null when it cannot be told. */
  readonly secondsLeft: number | null;
  /** The session that the job made or worked on, when there is one. */
  readonly sessionId: string | null;
  /** True when an import found its content in the catalogue already. */
  readonly alreadyImported: boolean;
  readonly error: WireError | null;
  /** Losses counted so far, in words, for instance `2 gaps, 1 unreadable message`; empty when none. */
  readonly remarks: string;
}

export interface SessionEvent {
  readonly ordinal: number;
  readonly timeNs: string;
  readonly instrumentId: number | null;
  readonly kind: string;
  /** One line in words. */
  readonly text: string;
}

export interface ActivityStrip {
  readonly fromNs: string;
  readonly toNs: string;
  /** Events per bin, `bins` numbers. */
  readonly counts: readonly number[];
  readonly bands: readonly QualityBand[];
}

export interface ViewInfo {
  readonly viewId: string;
  readonly sessionId: string;
  readonly instrument: InstrumentActivity;
  /** Ends of the session's time axis (receive time). */
  readonly fromNs: string;
  readonly toNs: string;
  /** Smallest price step seen or listed, in price units: the finest sensible bin. */
  readonly stepUnits: number;
  /** A window that shows the market well at first. */
  readonly suggested: ViewWindow;
}

export interface CallResults {
  'app.info': AppInfo;
  'sessions.list': SessionSummary[];
  'sessions.manifest': Manifest;
  'sessions.activity': ActivityStrip;
  'sessions.events': SessionEvent[];
  'sessions.delete': null;
  'sessions.verify': { jobId: string };
  'import.files': { jobId: string };
  'import.sample': { jobId: string };
  'upload.begin': { uploadId: string; chunkBytes: number };
  'upload.chunk': { received: number };
  'upload.abort': null;
  'upload.import': { jobId: string };
  'export.start': { jobId: string };
  'jobs.cancel': null;
  'jobs.dismiss': null;
  'view.open': ViewInfo;
  'view.window': null;
  'view.close': null;
  'replay.play': null;
  'replay.pause': null;
  'replay.seek': null;
  'replay.step': null;
}

/** Streams: the client subscribes with params; the host sends items until either side ends it. */
export const streamSchemas = {
  /** The whole job list, again after each change (at most 10 a second). */
  jobs: none,
  /** The whole session list, again after each change. */
  sessions: none,
  /** Once a second. */
  status: none,
  /** Binary ViewFrames (core/frames); one in flight, the client acknowledges each. */
  'view.frames': z.object({ viewId: id }).strict(),
} as const;

export type StreamName = keyof typeof streamSchemas;
export type StreamParams<K extends StreamName> = z.infer<(typeof streamSchemas)[K]>;

export interface HostStatus {
  readonly memoryBytes: number;
  readonly eventsPerSecond: number;
  readonly deadLetters: number;
  readonly cacheBytes: number;
}

export interface StreamItems {
  jobs: JobState[];
  sessions: SessionSummary[];
  status: HostStatus;
  /** The encoded frame. */
  'view.frames': Uint8Array;
}
