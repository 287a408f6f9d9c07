/**
 * One open view: its window, its play head and the frames it sends. Requests only say what is wanted; one loop makes the
 * frames, one at a time, each from what is wanted when it begins. Must not know the store's calls or other views.
 */
import { type ViewWindow, type WireError, wireErrorFrom } from '../../../core/contract/index.ts';
import { encodeViewFrame, type ViewFrame } from '../../../core/frames/index.ts';
import { bucketStep, ReplayClock } from '../../../core/replay/index.ts';
import { type PriceGrid, rowFromTimeNs } from '../../../core/view/index.ts';
import { FrameMaker } from './frame-maker.ts';
import { type LoadedRows, loadRows } from './loaded-rows.ts';
import { PriceKeeper } from './price-keeper.ts';
import { neighbourOffset } from './step-search.ts';
import type { Timeline } from './timeline.ts';
import type { ViewClock } from './view-clock.ts';
import { rowsOfWindow, rowsToAppend, type RowRange } from './window-rows.ts';

/** Shortest time between two frames of a playing view. */
const FRAME_MS = 16;
/** Wall time of play for which rows are read ahead, and the most segments for it. */
const READ_AHEAD_MS = 1000;
const READ_AHEAD_SEGMENTS = 4;
/** Rows of an instrument up to which all are read soon after opening: about 80 MB. */
const READ_ALL_ROWS = 1_000_000;

/** Where a view sends what it makes. */
export interface ViewSink {
  frame(bytes: Uint8Array<ArrayBuffer>): void;
  error(error: WireError): void;
}

/** What a view starts with. */
export interface ViewStart {
  readonly window: ViewWindow;
  readonly headNs: bigint;
  /** Middle of the market near the start, for a map that has no touch to centre on. @units price units */
  readonly centreUnits: number;
  /** Rows up to which a window is made from all rows, also where thinned ones would do. */
  readonly mostRawRows?: number | undefined;
}

/** Serves one view. @invariant at most one frame is unacknowledged */
export class ViewSession {
  private readonly timeline: Timeline;
  private readonly sink: ViewSink;
  private readonly wall: ViewClock;
  private readonly maker: FrameMaker;
  private readonly clock: ReplayClock;
  private readonly prices: PriceKeeper;
  private readonly mostRawRows: number | undefined;
  private window: ViewWindow;
  private epoch = 0;
  private wantsFull = false;
  private wantsHead = false;
  /** Raised by every request that makes a frame in the making out of date. */
  private version = 0;
  private seeks = 0;
  private steps: Promise<void> = Promise.resolve();
  private sentHeadRow = 0;
  private unacknowledged = false;
  private busy = false;
  /** Something happened since the loop last looked. */
  private woken = false;
  private closed = false;
  private nextFrameMs = 0;
  /** All rows were read, or it was decided not to. */
  private warmed = false;
  private cancelTimer: (() => void) | null = null;

  constructor(timeline: Timeline, start: ViewStart, sink: ViewSink, wall: ViewClock) {
    this.timeline = timeline;
    this.sink = sink;
    this.wall = wall;
    this.maker = new FrameMaker(timeline);
    this.clock = new ReplayClock(timeline.originNs, timeline.originNs + BigInt(timeline.endOffset), start.headNs);
    this.window = start.window;
    this.mostRawRows = start.mostRawRows;
    this.prices = new PriceKeeper(start.centreUnits);
  }

  setWindow(epoch: number, window: ViewWindow): void {
    this.settleHead();
    this.window = window;
    this.restart(epoch);
  }

  seek(epoch: number, timeNs: bigint): void {
    this.seeks++;
    this.moveHead(epoch, timeNs);
  }

  /** Moves the head by one step and pauses; a seek that comes meanwhile wins. Rejects when rows cannot be read. */
  step(epoch: number, unit: 'event' | 'bucket' | 'trade', direction: 1 | -1): Promise<void> {
    this.pause();
    const { seeks } = this;
    const stepped = this.steps.then(async () => {
      const headNs = this.clock.headNs;
      let targetNs = bucketStep(headNs, this.window.bucketNs, direction);
      if (unit !== 'bucket') {
        const head = Number(headNs - this.timeline.originNs);
        const offset = await neighbourOffset(this.timeline, head, unit, direction);
        targetNs = offset === null ? headNs : this.timeline.originNs + BigInt(offset);
      }
      if (seeks === this.seeks && !this.closed) this.moveHead(epoch, targetNs);
    });
    // The next step waits for this one but does not fail with it: its own caller is told.
    this.steps = stepped.catch(() => undefined);
    return stepped;
  }

  /** Runs on from the head, and from the session's start when the head is at its end. */
  play(speed: number): void {
    this.settleHead();
    const { headNs } = this.clock;
    this.clock.play(speed, this.wall.nowMs());
    // Back at the start the rows before are not those of the map: it is made anew.
    if (this.clock.headNs < headNs) this.restart(this.epoch);
    this.wantsHead = true;
    this.wake();
  }

  pause(): void {
    this.settleHead();
    this.clock.pause(this.wall.nowMs());
    this.wantsHead = true;
    this.wake();
  }

  acknowledge(): void {
    this.unacknowledged = false;
    this.wake();
  }

  close(): void {
    this.closed = true;
    this.version++;
    this.cancelTimer?.();
  }

  private moveHead(epoch: number, timeNs: bigint): void {
    this.settleHead();
    this.clock.seek(timeNs, this.wall.nowMs());
    this.restart(epoch);
  }

  private restart(epoch: number): void {
    this.epoch = epoch;
    this.version++;
    this.wantsFull = true;
    this.wake();
  }

  /** Brings the head to now; while a full frame is owed it stands still, so that play goes on from what the screen shows. */
  private settleHead(): void {
    if (this.wantsFull) this.clock.resumeAt(this.wall.nowMs());
    else this.clock.tick(this.wall.nowMs());
  }

  private wake(): void {
    this.cancelTimer?.();
    this.cancelTimer = null;
    this.woken = true;
    if (!this.busy) void this.run();
  }

  private async run(): Promise<void> {
    this.busy = true;
    while (this.woken) {
      this.woken = false;
      await this.sendWhatIsWanted();
    }
    this.busy = false;
  }

  private async sendWhatIsWanted(): Promise<void> {
    while (!this.closed && !this.unacknowledged) {
      const { version } = this;
      try {
        if (this.wantsFull) await this.sendFull(version);
        else if (this.wantsHead || this.clock.playing) {
          if (!this.isDue()) return;
          await this.sendAppend(version);
        } else return;
      } catch (thrown) {
        // What failed for an older request is of no interest: the newer one is tried by itself.
        if (version !== this.version) continue;
        this.wantsFull = false;
        this.wantsHead = false;
        this.clock.pause(this.wall.nowMs());
        this.sink.error(wireErrorFrom(thrown, 'view.failed'));
      }
    }
  }

  private isDue(): boolean {
    const waitMs = this.nextFrameMs - this.wall.nowMs();
    if (this.wantsHead || waitMs <= 0) return true;
    this.cancelTimer = this.wall.after(waitMs, () => this.wake());
    return false;
  }

  private async sendFull(version: number): Promise<void> {
    const { headNs } = this.clock;
    const range = rowsOfWindow(this.window, headNs);
    const loaded = await this.load(range, headNs);
    if (version !== this.version) return;
    const fixed = this.window.lowUnits !== null;
    const touch = fixed ? Number.NaN : this.maker.touchAt(Number(headNs - this.timeline.originNs), loaded.headRun);
    const grid = this.prices.gridFor(this.window, touch);
    this.wantsFull = false;
    this.clock.resumeAt(this.wall.nowMs());
    this.send(this.make('full', range, { headNs, grid, loaded }));
  }

  private async sendAppend(version: number): Promise<void> {
    const headNs = this.clock.tick(this.wall.nowMs());
    const range = rowsToAppend(this.window, this.sentHeadRow, headNs);
    const { grid } = this.prices;
    if (range === null || grid === null) {
      this.wantsFull = true;
      return;
    }
    const loaded = await this.load(range, headNs);
    if (version !== this.version) return;
    const frame = this.make('append', range, { headNs, grid, loaded });
    if (this.window.lowUnits === null && !this.prices.shows(frame)) {
      this.wantsFull = true;
      return;
    }
    this.send(frame);
  }

  private make(kind: 'full' | 'append', range: RowRange, at: { headNs: bigint; grid: PriceGrid; loaded: LoadedRows }): ViewFrame {
    return this.maker.make(
      {
        kind,
        epoch: this.epoch,
        playing: this.clock.playing,
        speed: this.clock.speed,
        headNs: at.headNs,
        firstRow: range.first,
        rows: range.last - range.first + 1,
        bucketNs: this.window.bucketNs,
        grid: at.grid,
      },
      at.loaded,
    );
  }

  private send(frame: ViewFrame): void {
    this.wantsHead = false;
    this.sentHeadRow = rowFromTimeNs(frame.headNs, frame.bucketNs);
    this.unacknowledged = true;
    this.nextFrameMs = this.wall.nowMs() + FRAME_MS;
    this.sink.frame(encodeViewFrame(frame));
    if (this.clock.playing) this.readAhead(frame.headNs);
    else if (!this.warmed) void this.readAll();
  }

  private load(range: RowRange, headNs: bigint): Promise<LoadedRows> {
    const { timeline, window } = this;
    const wanted = { range, bucketNs: window.bucketNs, headOffset: Number(headNs - timeline.originNs) };
    return loadRows(timeline, wanted, this.mostRawRows);
  }

  private readAhead(headNs: bigint): void {
    const head = Number(headNs - this.timeline.originNs);
    const aheadNs = Math.min(this.clock.speed * READ_AHEAD_MS * 1e6, READ_AHEAD_SEGMENTS * this.timeline.segmentNs);
    // A failure here is met, and told, when the head gets there and reads again.
    this.timeline.ensure(head, head + aheadNs).catch(() => undefined);
  }

  /** Reads a session that is not too large to its end, one segment at a time, so that seeks need not wait for the store. */
  private async readAll(): Promise<void> {
    this.warmed = true;
    const { timeline } = this;
    if (timeline.instrument.events > READ_ALL_ROWS) return;
    try {
      for (let offset = 0; offset <= timeline.endOffset && !this.closed; offset += timeline.segmentNs)
        await timeline.ensure(offset, offset);
    } catch {
      // Whoever needs the rows reads them again, and is told then.
      this.warmed = false;
    }
  }
}
