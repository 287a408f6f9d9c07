/** The store worker's calls: owns the open data directory and hands each call to the part that answers it. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DepthscopeError } from '../../core/contract/index.ts';
import type { Manifest, SessionSummary } from '../../core/model/index.ts';
import { serve, type Handlers, type Pipe, type StoreCalls, type StoreEvents } from '../protocol/index.ts';
import { Transfer } from '../protocol/index.ts';
import { Catalogue } from './catalogue.ts';
import { Staging } from './consume.ts';
import { Exports } from './export.ts';
import { folderBytes, layoutOf, type Layout } from './layout.ts';
import { readActivity, readEvents } from './overview.ts';
import { readAll } from './read-all.ts';
import { Reader, readManifest } from './reader.ts';
import { sealStaging, sessionIdOf } from './seal.ts';
import { claimStaging, cleanStagings, dropStaging, trashFolder } from './staging.ts';
import { readTimeline } from './timeline.ts';
import { openTrouble, storeTrouble } from './trouble.ts';

interface Opened {
  readonly layout: Layout;
  readonly catalogue: Catalogue;
  readonly reader: Reader;
  readonly exports: Exports;
  /** What manifests name as the program that wrote them. */
  readonly software: string;
}

type Emit = <K extends keyof StoreEvents & string>(name: K, value: StoreEvents[K]) => void;

/** One store over one data directory. */
export class StoreService {
  readonly handlers: Handlers<StoreCalls>;
  private readonly emit: Emit;
  private readonly stagings = new Map<string, Staging>();
  /** What runs on a staging: `abort` waits for it before it closes the database under it. */
  private readonly running = new Map<string, Promise<unknown>>();
  /** Stagings whose abort waits for what runs on them. */
  private readonly aborting = new Set<string>();
  private opened: Opened | null = null;

  constructor(pipe: Pipe) {
    this.handlers = this.makeHandlers();
    this.emit = serve<StoreCalls, StoreEvents>(pipe, this.handlers);
  }

  private makeHandlers(): Handlers<StoreCalls> {
    return {
      open: (args) => this.open(args),
      close: () => this.close(),
      connect: ({ port }) => {
        serve<StoreCalls, StoreEvents>(port, this.handlers);
        return null;
      },
      'sessions.list': () => this.store.catalogue.list(),
      'sessions.findContent': ({ contentId }) => this.store.catalogue.find(sessionIdOf(contentId)),
      'sessions.manifest': ({ sessionId }) => this.listed(sessionId).reader.manifest(sessionId),
      'sessions.delete': ({ sessionId }) => this.deleteSession(sessionId),
      'sessions.setVerified': ({ sessionId, verified }) => {
        if (!this.store.catalogue.setVerified(sessionId, verified)) throw noSession();
        this.emit('sessionsChanged', {});
        return null;
      },
      'sessions.activity': ({ sessionId, instrumentId, bins }) =>
        readActivity(this.listed(sessionId).reader, sessionId, instrumentId, bins),
      'sessions.events': ({ sessionId, instrumentId, limit }) => readEvents(this.listed(sessionId).reader, sessionId, instrumentId, limit),
      'write.consume': (args) => this.track(args.stagingId, this.consume(args)),
      'write.seal': (args) => this.track(args.stagingId, this.seal(args)),
      'write.abort': async ({ stagingId }) => {
        await this.abort(stagingId);
        return null;
      },
      'read.all': async ({ sessionId, out }) => ({ rows: await readAll(this.listed(sessionId).reader, sessionId, out) }),
      'read.timeline': async (args) => {
        const timeline = await readTimeline(this.listed(args.sessionId).reader, args);
        return new Transfer(timeline, timeline.before === null ? timeline.rows : [timeline.before, ...timeline.rows]);
      },
      'export.run': (args) => this.listed(args.sessionId).exports.run(args),
      'export.cancel': ({ jobId }) => {
        this.store.exports.cancel(jobId);
        return null;
      },
      'settings.get': ({ key }) => this.store.catalogue.setting(key),
      'settings.set': ({ key, value }) => {
        this.store.catalogue.setSetting(key, value);
        return null;
      },
      status: () => ({ cacheBytes: this.store.catalogue.recordedBytes(), deadLetters: this.store.catalogue.deadLetterCount() }),
    };
  }

  private get store(): Opened {
    if (this.opened === null) throw new DepthscopeError('store.not-open', 'No data directory is open.');
    return this.opened;
  }

  private listed(sessionId: string): Opened {
    const store = this.store;
    if (store.catalogue.find(sessionId) === null) throw noSession();
    return store;
  }

  private async open({ dataDir, software = 'depthscope' }: StoreCalls['open']['args']): Promise<StoreCalls['open']['result']> {
    await this.close();
    try {
      const layout = layoutOf(dataDir);
      const catalogue = new Catalogue(layout.catalogue);
      const reader = new Reader(layout);
      this.opened = { layout, catalogue, reader, exports: new Exports(reader), software };
      const cleaned = cleanStagings(layout);
      for (const stagingId of cleaned.stagings) catalogue.dropDeadLetters(stagingId);
      for (const sessionId of cleaned.deletedSessions) catalogue.remove(sessionId);
      mkdirSync(layout.scratch, { recursive: true });
      const missing = forgetVanished(layout, catalogue);
      return { adopted: adoptUnlisted(layout, catalogue), cleaned: cleaned.stagings.length, missing };
    } catch (thrown) {
      this.opened?.catalogue.close();
      this.opened = null;
      throw openTrouble(thrown, dataDir);
    }
  }

  private async close(): Promise<null> {
    for (const stagingId of [...this.stagings.keys()]) await this.abort(stagingId);
    if (this.opened !== null) {
      await this.opened.reader.close();
      this.opened.catalogue.close();
      rmSync(this.opened.layout.scratch, { recursive: true, force: true });
      this.opened = null;
    }
    return null;
  }

  private async consume({ stagingId, input }: StoreCalls['write.consume']['args']): Promise<{ rows: number }> {
    const { layout, catalogue } = this.store;
    try {
      const folder = claimStaging(layout, stagingId);
      const staging = await Staging.create({
        folder,
        onProgress: (rows) => this.emit('writeProgress', { stagingId, rows }),
        onDeadLetter: (letter) => catalogue.addDeadLetter(stagingId, letter),
      });
      this.stagings.set(stagingId, staging);
      if (this.aborting.has(stagingId)) staging.cancel();
      staging.checkCancelled();
      await staging.consume(input);
      return { rows: staging.rows };
    } catch (thrown) {
      const trouble = storeTrouble(thrown, 'writing the recording');
      input.close();
      if (trouble.wire.code !== 'store.staging-taken') this.forget(stagingId);
      throw trouble;
    }
  }

  private async seal(args: StoreCalls['write.seal']['args']): Promise<StoreCalls['write.seal']['result']> {
    const { stagingId } = args;
    const { layout, catalogue, software } = this.store;
    const staging = this.stagings.get(stagingId);
    if (staging === undefined) throw new DepthscopeError('store.no-staging', `There is no recording named ${stagingId} to seal.`);
    try {
      const existing = catalogue.find(sessionIdOf(args.import.contentId));
      if (existing !== null) {
        const { report } = readManifest(join(layout.sessions, existing.sessionId));
        return { summary: existing, report: { ...report, alreadyImported: true } };
      }
      const manifest = await sealStaging({
        layout,
        staging,
        import: args.import,
        book: args.book,
        seconds: args.seconds,
        createdAt: new Date().toISOString(),
        software,
        onProgress: (phase, fraction) => {
          staging.checkCancelled();
          this.emit('sealProgress', { stagingId, phase, fraction });
        },
      });
      const summary = catalogue.add(manifest, folderBytes(join(layout.sessions, manifest.sessionId)), stagingId);
      this.emit('sessionsChanged', {});
      return { summary, report: manifest.report };
    } catch (thrown) {
      throw storeTrouble(thrown, 'sealing the recording');
    } finally {
      this.forget(stagingId);
    }
  }

  private track<T>(stagingId: string, work: Promise<T>): Promise<T> {
    if (this.running.has(stagingId)) return work;
    this.running.set(stagingId, work);
    const done = (): void => void this.running.delete(stagingId);
    work.then(done, done);
    return work;
  }

  private async abort(stagingId: string): Promise<void> {
    // The staging may still be in the making: it is cancelled as soon as it is there.
    this.aborting.add(stagingId);
    this.stagings.get(stagingId)?.cancel();
    await Promise.allSettled([this.running.get(stagingId)]);
    this.aborting.delete(stagingId);
    this.forget(stagingId);
  }

  private forget(stagingId: string): void {
    const { layout, catalogue } = this.store;
    this.stagings.get(stagingId)?.close();
    this.stagings.delete(stagingId);
    dropStaging(layout, stagingId);
    catalogue.dropDeadLetters(stagingId);
  }

  private deleteSession(sessionId: string): null {
    const { layout, catalogue, reader } = this.listed(sessionId);
    const trash = trashFolder(layout, sessionId);
    const folder = reader.folder(sessionId);
    if (existsSync(folder)) renameSync(folder, trash);
    catalogue.remove(sessionId);
    reader.forget(sessionId);
    rmSync(trash, { recursive: true, force: true });
    this.emit('sessionsChanged', {});
    return null;
  }
}

function noSession(): DepthscopeError {
  return new DepthscopeError('store.no-session', 'This session is not in the catalogue.');
}

/** Lists complete recordings that are not listed: their process died between the rename and the listing, or they were copied in. */
function adoptUnlisted(layout: Layout, catalogue: Catalogue): number {
  let adopted = 0;
  for (const entry of readdirSync(layout.sessions, { withFileTypes: true })) {
    const folder = join(layout.sessions, entry.name);
    if (!entry.isDirectory() || catalogue.find(entry.name) !== null || !existsSync(join(folder, 'manifest.json'))) continue;
    const manifest = manifestToAdopt(folder);
    if (manifest?.sessionId !== entry.name || !isComplete(folder, manifest.streams)) continue;
    catalogue.add(manifest, folderBytes(folder), null);
    adopted++;
  }
  return adopted;
}

/** Returns the manifest; null when it is damaged or of a newer format: that folder stays where it is, unlisted. */
function manifestToAdopt(folder: string): Manifest | null {
  try {
    return readManifest(folder);
  } catch (thrown) {
    if (thrown instanceof DepthscopeError) return null;
    throw thrown;
  }
}

/** Returns whether the files of each stream have the bytes that the manifest says. */
function isComplete(folder: string, streams: Readonly<Record<string, { readonly bytes: number }>>): boolean {
  return Object.entries(streams).every(
    ([stream, { bytes }]) => existsSync(join(folder, stream)) && folderBytes(join(folder, stream)) === bytes,
  );
}

/** Takes sessions whose folder is gone off the list; returns their titles. */
function forgetVanished(layout: Layout, catalogue: Catalogue): string[] {
  const vanished: SessionSummary[] = catalogue
    .list()
    .filter((session) => !existsSync(join(layout.sessions, session.sessionId, 'manifest.json')));
  for (const session of vanished) catalogue.remove(session.sessionId);
  return vanished.map((session) => session.title);
}
