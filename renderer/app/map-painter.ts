/** Draws the map's canvases for the engine: heat by uniforms, overlay, flow strip and cursor. Must not know the host. */
import {
  bandsFromRows,
  drawBands,
  drawBookColumn,
  drawCrosshair,
  drawDots,
  drawFlowStrip,
  drawPriceAxis,
  drawTimeAxis,
  drawTouch,
  DotClusters,
  layoutPane,
  sliceNsOf,
  type ChartTheme,
  type MapBand,
  type Viewport,
} from '../charts/index.ts';
import { DirtyLevel } from '../loop/index.ts';
import { useSettings, useView, type ViewState } from '../state/index.ts';
import type { MapCanvases, MapEngine } from './map-engine.ts';
import { readOutAt } from './read-out.ts';

/** Paints one level and all below it. */
export class MapPainter {
  private readonly engine: MapEngine;
  private readonly canvases: MapCanvases;
  private readonly theme: ChartTheme;
  private readonly dots = new DotClusters();
  private bands: readonly MapBand[] = [];
  private bandsOf: ViewState['activity'] = null;

  constructor(engine: MapEngine, canvases: MapCanvases, theme: ChartTheme) {
    this.engine = engine;
    this.canvases = canvases;
    this.theme = theme;
  }

  paint(level: DirtyLevel): void {
    if (level >= DirtyLevel.layout) this.resizeCanvases();
    if (!this.engine.info) return;
    if (level >= DirtyLevel.overlay) {
      this.paintHeat();
      this.paintOverlay();
      this.paintFlow();
    }
    this.paintCursor();
  }

  private resizeCanvases(): void {
    const { layout, surface } = this.engine;
    const ratio = devicePixelRatio;
    surface.resize(Math.max(1, Math.round(layout.mapWidthPx * ratio)), Math.max(1, Math.round(layout.heightPx * ratio)));
    sizeCanvas(this.canvases.overlay, layout.widthPx, layout.heightPx, ratio);
    sizeCanvas(this.canvases.cursor, layout.widthPx, layout.heightPx, ratio);
    sizeCanvas(this.canvases.flow, this.canvases.flow.clientWidth, this.canvases.flow.clientHeight, ratio);
  }

  /** The viewport of prices: a price stands in the middle of its step, so cells reach half a step to both sides. */
  private paintHeat(): void {
    const { engine } = this;
    const { store, view, info, sample } = engine;
    if (!info || store.rows === 0) return;
    const settings = useSettings.getState();
    const startNs = store.offsetNsFromRow(store.firstRow);
    engine.surface.draw({
      rowLeft: (view.rightNs - view.spanNs - startNs) / store.bucketNs,
      rowSpan: view.spanNs / store.bucketNs,
      binLow: (view.lowUnits + info.stepUnits / 2 - store.lowUnits) / store.binUnits,
      binSpan: view.spanUnits / store.binUnits,
      rows: store.rows,
      firstSlot: store.slotFromRow(store.firstRow),
      ...sample.rampFromPercentiles(settings.lowPercentile, settings.highPercentile),
      gamma: settings.gamma,
      colourMap: engine.surface.colourMapIndex(settings.colourMap),
      opacity: settings.layers.heat ? 1 : 0,
    });
  }

  private paintOverlay(): void {
    const { engine, theme } = this;
    const { store, view, layout, info } = engine;
    const g = prepared(this.canvases.overlay, layout.widthPx, layout.heightPx);
    if (!g || !info) return;
    const { layers } = useSettings.getState();
    const viewState = useView.getState();
    g.save();
    g.beginPath();
    g.rect(0, 0, layout.mapWidthPx, layout.heightPx);
    g.clip();
    if (layers.touch) drawTouch(g, theme, { view, layout }, store);
    if (layers.trades) this.paintDots(g);
    const bands = this.bandsFor(viewState);
    drawBands(g, theme, { view, layout }, [...bands, ...bandsFromRows(store, bands)]);
    g.restore();
    const step = info.stepUnits;
    drawBookColumn(g, theme, {
      view: shifted(view, step),
      layout,
      binUnits: Math.max(store.binUnits, step),
      bids: layers.book ? store.bids : EMPTY,
      asks: layers.book ? store.asks : EMPTY,
    });
    const axis = {
      view,
      layout,
      originNs: BigInt(info.fromNs),
      priceScale: info.instrument.priceScale,
      stepUnits: step,
      lastTradeUnits: store.lastTradeUnits,
      lastTradeSide: store.lastTradeSide,
    };
    if (engine.priceKnown) drawPriceAxis(g, theme, axis);
    drawTimeAxis(g, theme, axis);
  }

  private paintDots(g: CanvasRenderingContext2D): void {
    const { store, view, layout } = this.engine;
    const slice = sliceNsOf(view, layout);
    this.dots.build(store.trades, view.rightNs - view.spanNs - slice, view.rightNs, slice);
    drawDots(g, this.theme, { view, layout }, this.dots);
  }

  private paintFlow(): void {
    const { engine } = this;
    const { flow } = this.canvases;
    const heightPx = flow.clientHeight;
    if (heightPx === 0) return;
    const g = prepared(flow, flow.clientWidth, heightPx);
    if (g)
      engine.flowTotals = drawFlowStrip(g, this.theme, engine.view, {
        layout: layoutPane(engine.layout.widthPx, heightPx),
        heightPx,
        store: engine.store,
      });
  }

  private paintCursor(): void {
    const { engine } = this;
    const g = prepared(this.canvases.cursor, engine.layout.widthPx, engine.layout.heightPx);
    if (!g || !engine.cursor) return;
    const readOut = readOutAt(engine, engine.cursor, this.theme);
    drawCrosshair(g, this.theme, engine.layout, { ...engine.cursor, readOut });
  }

  private bandsFor(state: ViewState): readonly MapBand[] {
    if (state.activity === this.bandsOf) return this.bands;
    this.bandsOf = state.activity;
    const origin = BigInt(this.engine.info?.fromNs ?? '0');
    this.bands = (state.activity?.bands ?? []).map((band) => ({
      kind: band.kind,
      text: band.text,
      fromNs: Number(BigInt(band.fromNs) - origin),
      toNs: Number(BigInt(band.toNs) - origin),
    }));
    return this.bands;
  }
}

const EMPTY = new Float64Array(0);

function shifted(view: Viewport, stepUnits: number): Viewport {
  return { ...view, lowUnits: view.lowUnits + stepUnits / 2 };
}

function sizeCanvas(canvas: HTMLCanvasElement, widthPx: number, heightPx: number, ratio: number): void {
  canvas.width = Math.max(1, Math.round(widthPx * ratio));
  canvas.height = Math.max(1, Math.round(heightPx * ratio));
}

function prepared(canvas: HTMLCanvasElement, widthPx: number, heightPx: number): CanvasRenderingContext2D | null {
  const g = canvas.getContext('2d');
  if (!g) return null;
  g.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  g.clearRect(0, 0, widthPx, heightPx);
  return g;
}
