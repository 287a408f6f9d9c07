/**
 * The map pane without React: takes frames, keeps the viewport, draws heat, overlays and cursor, and asks the host for
 * other windows. Glue between frames, loop, gl and charts; must not know panels.
 */
import { DepthscopeError, type ViewInfo, type ViewWindow } from '../../core/contract/index.ts';
import { decodeViewFrame } from '../../core/frames/index.ts';
import { type ChartTheme, type FlowTotals, layoutPane, type PaneLayout, unitsFromY, nsFromX, type Viewport } from '../charts/index.ts';
import type { HostLink } from '../client/index.ts';
import { FrameStore, SizeSample, type FrameChange } from '../frames/index.ts';
import { HeatSurface } from '../gl/index.ts';
import { DirtyLevel, displayClock, Scheduler } from '../loop/index.ts';
import { notify, useLive, useSettings, useView } from '../state/index.ts';
import { firstView, fitToHead } from './first-view.ts';
import { LivePublisher } from './live-publisher.ts';
import { MapPainter } from './map-painter.ts';
import { GROUPS, gridForView, type Grid, windowCovers, windowForView } from './view-window.ts';

export interface MapCanvases {
  readonly heat: HTMLCanvasElement;
  readonly overlay: HTMLCanvasElement;
  readonly cursor: HTMLCanvasElement;
  readonly flow: HTMLCanvasElement;
}

const ROWS_BETWEEN_SAMPLES = 40;
const HEAD_ZONE = 0.15;
/** At least this share of the map shows time of the session, however far one pans. */
const EDGE_SHARE = 0.1;
const FRAME_WAIT_MS = 250;

/** One map pane. Lives as long as its canvases; `open` shows another view on it. */
export class MapEngine {
  readonly store = new FrameStore();
  readonly sample = new SizeSample();
  readonly surface: HeatSurface;
  readonly scheduler: Scheduler;
  view: Viewport = { rightNs: 0, spanNs: 1, lowUnits: 0, spanUnits: 1 };
  layout: PaneLayout = layoutPane(1, 1);
  grid: Grid = { bucketNs: 1e9, group: 1 };
  following = true;
  info: ViewInfo | null = null;
  epoch = 0;
  cursor: { readonly x: number; readonly y: number } | null = null;
  flowTotals: FlowTotals = { bought: 0, sold: 0 };
  private link: HostLink | null = null;
  private endStream: (() => void) | null = null;
  private requested: ViewWindow | null = null;
  private windowInFlight = false;
  private windowWanted = false;
  private centreWanted = false;
  private fitWanted = false;
  private rowsSinceSample = 0;
  private drawnWaiters: (() => void)[] = [];
  private readonly painter: MapPainter;
  private readonly publisher = new LivePublisher(this);
  private readonly unsubscribeStores: (() => void)[];

  constructor(canvases: MapCanvases, theme: ChartTheme, forceFallback: boolean) {
    this.painter = new MapPainter(this, canvases, theme);
    this.scheduler = new Scheduler((level) => this.draw(level), displayClock());
    this.surface = new HeatSurface(
      canvases.heat,
      {
        onReady: (renderer, rendererDetail) => {
          useLive.setState({ renderer, rendererDetail });
          this.rebuildSurface();
        },
        onLost: () => useLive.setState({ renderer: 'lost', rendererDetail: 'the graphics context was lost and is being rebuilt' }),
        onRestored: () => {
          useLive.setState({ renderer: 'webgl', rendererDetail: 'rebuilt after a lost graphics context' });
          this.rebuildSurface();
        },
        onDrawn: () => this.publisher.touch(),
        onFailed: (reason) => useLive.setState({ renderer: 'failed', rendererDetail: reason }),
      },
      forceFallback,
    );
    const redraw = (): void => this.scheduler.mark(DirtyLevel.overlay);
    this.unsubscribeStores = [useSettings.subscribe(redraw), useView.subscribe(redraw)];
  }

  destroy(): void {
    this.close();
    this.scheduler.stop();
    this.surface.destroy();
    for (const unsubscribe of this.unsubscribeStores) unsubscribe();
  }

  /** Shows a view: subscribes to its frames and asks for a first window. */
  open(link: HostLink, info: ViewInfo): void {
    this.close();
    this.link = link;
    this.info = info;
    this.following = true;
    this.centreWanted = true;
    this.store.clear(BigInt(info.fromNs));
    const first = firstView(info, useSettings.getState());
    this.grid = first.grid;
    this.view = first.view;
    this.fitWanted = true;
    this.endStream = link.subscribe(
      'view.frames',
      { viewId: info.viewId },
      {
        onItem: (bytes) => this.take(bytes),
        onError: (error) => {
          if (error.wire.code !== 'contract.disconnected') notify(error.wire);
        },
      },
    );
    this.requestWindow();
    this.scheduler.mark(DirtyLevel.layout);
  }

  /** Stops the present view. The picture stays until another is opened. */
  close(): void {
    this.endStream?.();
    this.endStream = null;
    this.requested = null;
    this.info = null;
    this.link = null;
    this.windowInFlight = false;
  }

  resize(widthPx: number, heightPx: number): void {
    this.layout = layoutPane(widthPx, heightPx);
    this.scheduler.mark(DirtyLevel.layout);
    this.requestWindowIfNeeded();
  }

  /** Raises the epoch for a command that moves time: older frames are not shown any more. */
  raiseEpochForSeek(): number {
    this.epoch++;
    this.store.expectEpoch(this.epoch);
    return this.epoch;
  }

  setView(view: Viewport): void {
    const info = this.info;
    if (!info) return;
    const spanNs = Math.min(Math.max(view.spanNs, 2e8), 6e11 * 1800);
    const spanUnits = Math.max(view.spanUnits, info.stepUnits * 8);
    this.view = { rightNs: view.rightNs, spanNs, lowUnits: view.lowUnits, spanUnits };
    this.grid = gridForView(this.view, this.grid, info.stepUnits, this.layout.heightPx);
    this.requestWindowIfNeeded();
    this.scheduler.mark(DirtyLevel.overlay);
    this.publisher.touch();
  }

  pan(dxPx: number, dyPx: number): void {
    const { view, layout } = this;
    const rightNs = view.rightNs - (dxPx / layout.mapWidthPx) * view.spanNs;
    const headNs = this.followRightNs();
    // Dragging the head's edge back into view resumes following; leaving it never stops the replay.
    if (dxPx !== 0) this.following = rightNs >= headNs && rightNs < headNs + view.spanNs * HEAD_ZONE;
    this.setView({
      ...view,
      rightNs: this.following ? headNs : Math.max(view.spanNs * EDGE_SHARE, Math.min(rightNs, headNs + view.spanNs * (1 - EDGE_SHARE))),
      lowUnits: view.lowUnits + (dyPx / layout.heightPx) * view.spanUnits,
    });
  }

  zoomTime(x: number, factor: number): void {
    const { view, layout } = this;
    const { info } = this;
    if (!info) return;
    // Beyond twice the session there is nothing to see; a coarser choice of bucket made before is kept.
    const longestNs = Math.max(view.spanNs, 2 * Number(BigInt(info.toNs) - BigInt(info.fromNs)));
    const spanNs = Math.min(view.spanNs * factor, longestNs);
    const anchorNs = this.following ? view.rightNs : nsFromX(view, layout, Math.min(x, layout.mapWidthPx));
    const rightNs = anchorNs + (view.rightNs - anchorNs) * (spanNs / view.spanNs);
    this.setView({ ...view, rightNs, spanNs });
  }

  zoomPrice(y: number, factor: number): void {
    const { view, layout } = this;
    const anchor = unitsFromY(view, layout, y);
    this.setView({ ...view, lowUnits: anchor - (anchor - view.lowUnits) * factor, spanUnits: view.spanUnits * factor });
  }

  /** Puts the touch in the middle of the price axis. */
  centre(): void {
    const middle = this.touchUnits();
    if (Number.isFinite(middle)) this.setView({ ...this.view, lowUnits: middle - this.view.spanUnits / 2 });
  }

  /** Moves the right edge to the play head and keeps it there. */
  follow(): void {
    this.following = true;
    this.requested = null;
    this.setView({ ...this.view, rightNs: this.followRightNs() });
  }

  setBucket(bucketNs: number): void {
    const rows = this.view.spanNs / this.grid.bucketNs;
    this.grid = { ...this.grid, bucketNs };
    this.setView({ ...this.view, spanNs: Math.min(1500, Math.max(60, rows)) * bucketNs });
  }

  setGroup(group: number): void {
    const factor = group / this.grid.group;
    const middle = this.view.lowUnits + this.view.spanUnits / 2;
    const spanUnits = this.view.spanUnits * factor;
    this.grid = { ...this.grid, group };
    this.setView({ ...this.view, spanUnits, lowUnits: middle - spanUnits / 2 });
  }

  /** Returns the next coarser (+1) or finer (−1) price group. */
  neighbourGroup(direction: 1 | -1): number {
    const { group } = this.grid;
    return (direction > 0 ? GROUPS.find((g) => g > group) : GROUPS.findLast((g) => g < group)) ?? group;
  }

  setCursor(cursor: { readonly x: number; readonly y: number } | null): void {
    this.cursor = cursor;
    this.scheduler.mark(DirtyLevel.cursor);
  }

  /** After a seek: the head is followed, and the price is centred again when the touch left the picture. */
  afterSeek(): void {
    this.following = true;
    this.requestWindow();
  }

  /** False until a book or trade has told where prices are: the price axis is blank till then. */
  get priceKnown(): boolean {
    return !this.centreWanted;
  }

  /** Returns the middle of the touch at the head, else the last trade, NaN when neither is known. */
  touchUnits(): number {
    const bid = this.store.bids[0] ?? Number.NaN;
    const ask = this.store.asks[0] ?? Number.NaN;
    if (Number.isFinite(bid) && Number.isFinite(ask)) return (bid + ask) / 2;
    return Number.isFinite(bid) ? bid : Number.isFinite(ask) ? ask : this.store.lastTradeUnits;
  }

  private take(bytes: Uint8Array): Promise<void> {
    const change = this.store.apply(decodeViewFrame(bytes));
    if (change) this.frameArrived(change);
    return new Promise((resolve) => {
      // The next frame is asked for when this one is on its way to the screen; a hidden page asks slowly.
      const timer = setTimeout(resolve, FRAME_WAIT_MS);
      this.drawnWaiters.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  private frameArrived(change: FrameChange): void {
    this.sendRows(change);
    if (change.kind === 'rows') this.rowsSinceSample += change.rows;
    if (change.kind === 'reset' || this.rowsSinceSample > ROWS_BETWEEN_SAMPLES) {
      this.sample.take(this.store);
      this.rowsSinceSample = 0;
    }
    if (this.centreWanted) this.adoptFramePrices();
    if (this.fitWanted) this.fitSpan();
    if (this.following) this.view = { ...this.view, rightNs: this.followRightNs() };
    this.keepTouchVisible();
    this.publisher.touch();
    this.scheduler.mark(DirtyLevel.data);
  }

  private adoptFramePrices(): void {
    const middle = this.touchUnits();
    // Before the first book or trade there is no price to centre on; the next frame may bring one.
    if (!Number.isFinite(middle)) return;
    this.centreWanted = false;
    this.view = { ...this.view, lowUnits: middle - this.view.spanUnits / 2 };
    this.requestWindowIfNeeded();
  }

  /** Near the start of a session most of the suggested span would be empty: the data that is there fills the map. */
  private fitSpan(): void {
    this.fitWanted = false;
    const fit = fitToHead(this.view, this.grid, this.followRightNs());
    if (!fit) return;
    this.grid = { ...this.grid, bucketNs: fit.bucketNs };
    this.setView({ ...this.view, spanNs: fit.spanNs, rightNs: this.followRightNs() });
  }

  private keepTouchVisible(): void {
    const middle = this.touchUnits();
    if (!this.following || !Number.isFinite(middle) || this.windowInFlight) return;
    const position = (middle - this.view.lowUnits) / this.view.spanUnits;
    if (position < 0.06 || position > 0.94) this.setView({ ...this.view, lowUnits: middle - this.view.spanUnits / 2 });
  }

  private followRightNs(): number {
    const { store, info } = this;
    if (!info || store.rows === 0) return this.view.rightNs;
    const bucket = BigInt(store.bucketNs);
    return Number((store.headNs / bucket + 1n) * bucket - BigInt(info.fromNs));
  }

  private sendRows(change: FrameChange): void {
    if (change.kind === 'none') return;
    if (change.kind === 'reset') this.surface.reset(this.store.bins, this.store.capacity);
    const first = change.kind === 'reset' ? this.store.firstRow : Math.max(change.firstRow, this.store.firstRow);
    const end = change.kind === 'reset' ? this.store.firstRow + this.store.rows : change.firstRow + change.rows;
    this.uploadRows(first, end - first);
  }

  /** Sends rows to the surface; a run that wraps round the ring goes in two pieces. */
  private uploadRows(firstRow: number, rows: number): void {
    const { store } = this;
    for (let done = 0; done < rows; ) {
      const slot = store.slotFromRow(firstRow + done);
      const piece = Math.min(rows - done, store.capacity - slot);
      this.surface.putRows(slot, piece, store.heat.subarray(slot * store.bins, (slot + piece) * store.bins));
      done += piece;
    }
  }

  private rebuildSurface(): void {
    if (this.store.bins > 0) this.sendRows({ kind: 'reset' });
    this.scheduler.mark(DirtyLevel.layout);
  }

  private requestWindowIfNeeded(): void {
    const { info, requested } = this;
    if (!info) return;
    const sameMode = requested !== null && (requested.endNs === null) === this.following;
    if (!requested || !sameMode || !windowCovers(requested, this.view, this.grid, info)) this.requestWindow();
  }

  private requestWindow(): void {
    this.windowWanted = true;
    this.scheduler.mark(DirtyLevel.overlay);
  }

  private sendWindow(): void {
    const { link, info } = this;
    if (!this.windowWanted || this.windowInFlight || !link || !info) return;
    this.windowWanted = false;
    this.windowInFlight = true;
    const window = windowForView(this.view, this.grid, info, this.following);
    this.requested = window;
    this.epoch++;
    const asked = this.centreWanted ? { ...window, lowUnits: null } : window;
    link
      .call('view.window', { viewId: info.viewId, epoch: this.epoch, window: asked })
      .catch((thrown: unknown) => {
        if (this.info === info && thrown instanceof DepthscopeError && thrown.wire.code !== 'contract.disconnected') notify(thrown.wire);
      })
      .finally(() => {
        if (this.info !== info) return;
        this.windowInFlight = false;
        if (this.windowWanted) this.scheduler.mark(DirtyLevel.overlay);
      });
  }

  private draw(level: DirtyLevel): void {
    this.sendWindow();
    this.painter.paint(level);
    for (const done of this.drawnWaiters.splice(0)) done();
  }
}
