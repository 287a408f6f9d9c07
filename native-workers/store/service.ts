/** The store worker's calls: owns the open data directory and hands each call to the part that answers it. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { DepthscopeError } from '../../core/contract/index.ts';
import type { SessionSummary } from '../../core/model/index.ts';
import { serve, type Handlers, type Pipe, type StoreCalls, type StoreEvents } from '../protocol/index.ts';
import { Transfer } from '../protocol/index.ts';
import { Catalogue } from './catalogue.ts';
import { Staging } from './consume.ts';
import { allFaults } from './digests.ts';
import { Exports } from './export.ts';
import { folderBytes, layoutOf, type Layout } from './layout.ts';
import { adoptUnlisted, forgetVanished, isDamaged } from './listing.ts';
import { readActivity, readEvents } from './overview.ts';
import { readAll } from './read-all.ts';
import { Reader, readManifest } from './reader.ts';
import { placeSealed, sealStaging, sessionIdOf } from './seal.ts';
import { claimStaging, cleanStagings, dropStaging, trashFolder } from './staging.ts';
import { readTimeline } from './timeline.ts';
import { catalogueTrouble, openTrouble, storeTrouble } from './trouble.ts';

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
    this.handlers = this.inWords(this.makeHandlers());
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
      'sessions.findContent': ({ contentId }) => this.findContent(contentId),
      'sessions.manifest': ({ sessionId }) => this.listed(sessionId).reader.manifest(sessionId),
      'sessions.delete': ({ sessionId }) => this.deleteSession(sessionId),
      'sessions.setVerified': ({ sessionId, verified }) => {
        if (!this.store.catalogue.setVerified(sessionId, verified)) throw noSession();
        this.emit('sessionsChanged', {});
        return null;
      },
      'sessions.faults': ({ sessionId }) =>
        this.reading(sessionId, ({ reader }) => allFaults(reader.folder(sessionId), readManifest(reader.folder(sessionId)))),
      'sessions.activity': ({ sessionId, instrumentId, bins }) =>
        this.reading(sessionId, ({ reader }) => readActivity(reader, sessionId, instrumentId, bins)),
      'sessions.events': ({ sessionId, instrumentId, limit }) =>
        this.reading(sessionId, ({ reader }) => readEvents(reader, sessionId, instrumentId, limit)),
      'write.consume': (args) => this.track(args.stagingId, this.consume(args)),
      'write.seal': (args) => this.track(args.stagingId, this.seal(args)),
      'write.abort': async ({ stagingId }) => {
        await this.abort(stagingId);
        return null;
      },
      'read.all': ({ sessionId, out }) => this.reading(sessionId, async ({ reader }) => ({ rows: await readAll(reader, sessionId, out) })),
      'read.timeline': async (args) => {
        const timeline = await this.reading(args.sessionId, ({ reader }) => readTimeline(reader, args));
        return new Transfer(timeline, timeline.before === null ? timeline.rows : [timeline.before, ...timeline.rows]);
      },
      'export.run': (args) => this.reading(args.sessionId, ({ exports }) => exports.run(args)),
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

  /** Returns the handlers, with errors of the session list in words. */
  private inWords(handlers: Handlers<StoreCalls>): Handlers<StoreCalls> {
    const wrapped = Object.entries(handlers).map(([name, handle]) => [
      name,
      async (args: never): Promise<unknown> => {
        try {
          return await (handle as (args: never) => unknown)(args);
        } catch (thrown) {
          throw catalogueTrouble(thrown, this.opened?.layout.dataDir ?? '');
        }
      },
    ]);
    return Object.fromEntries(wrapped) as Handlers<StoreCalls>;
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
    const { layout, catalogue, reader, software } = this.store;
    const staging = this.stagings.get(stagingId);
    if (staging === undefined) throw new DepthscopeError('store.no-staging', `There is no recording named ${stagingId} to seal.`);
    try {
      const already = this.alreadySealed(args.import.contentId);
      if (already !== null) return already;
      const { folder, manifest } = await sealStaging({
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
      const bytes = folderBytes(folder);
      let placed = false;
      const place = (): StoreCalls['write.seal']['result'] => {
        // Another process may have sealed the same content meanwhile.
        const theirs = this.alreadySealed(args.import.contentId);
        if (theirs !== null) return theirs;
        placeSealed(layout, folder, manifest.sessionId);
        placed = true;
        this.emit('sealProgress', { stagingId, phase: 'listing', fraction: 1 });
        return { summary: catalogue.add(manifest, bytes, stagingId), report: manifest.report };
      };
      let sealed: StoreCalls['write.seal']['result'];
      try {
        sealed = catalogue.exclusively(place);
      } catch (thrown) {
        if (placed) rmSync(reader.folder(manifest.sessionId), { recursive: true, force: true });
        throw thrown;
      }
      reader.forget(manifest.sessionId);
      this.emit('sessionsChanged', {});
      return sealed;
    } catch (thrown) {
      throw storeTrouble(thrown, 'sealing the recording');
    } finally {
      this.forget(stagingId);
    }
  }

  /** Returns the listed session of some content; null when there is none, or one that an import replaces because it is damaged. */
  private findContent(contentId: string): SessionSummary | null {
    const { layout, catalogue } = this.store;
    const summary = catalogue.find(sessionIdOf(contentId));
    return summary === null || summary.verified === false || isDamaged(layout, summary.sessionId) ? null : summary;
  }

  private alreadySealed(contentId: string): StoreCalls['write.seal']['result'] | null {
    const summary = this.findContent(contentId);
    if (summary === null) return null;
    const { report } = readManifest(this.store.reader.folder(summary.sessionId));
    return { summary, report: { ...report, alreadyImported: true } };
  }

  /** Runs what reads a listed session. */
  private async reading<T>(sessionId: string, work: (store: Opened) => T | Promise<T>): Promise<T> {
    const store = this.listed(sessionId);
    try {
      return await work(store);
    } catch (thrown) {
      throw await store.reader.trouble(sessionId, thrown);
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
