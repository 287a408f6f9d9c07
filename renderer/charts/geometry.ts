/**
 * Where things lie on the map pane: time and price to pixels and back. Times are nanoseconds after the session's origin,
 * so that plain numbers stay exact. Must not know canvases or the host.
 */

/** The part of the market that the map shows. */
export interface Viewport {
  /** Right edge, ns after the origin. */
  readonly rightNs: number;
  readonly spanNs: number;
  readonly lowUnits: number;
  readonly spanUnits: number;
}

/** Sizes of the pane's parts in CSS pixels: map, then book column, then price labels; time labels lie in the map. */
export interface PaneLayout {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly mapWidthPx: number;
  readonly bookWidthPx: number;
}

/** Both together: what a drawing on the map needs. */
export interface MapGeometry {
  readonly view: Viewport;
  readonly layout: PaneLayout;
}

const SCALE_WIDTH_PX = 114;
const BOOK_WIDTH_PX = 54;
/** Height of the strip at the foot of the map where time labels stand. */
export const TIME_AXIS_PX = 22;

/** Returns the layout of a pane of the given size. */
export function layoutPane(widthPx: number, heightPx: number): PaneLayout {
  return { widthPx, heightPx, mapWidthPx: Math.max(1, widthPx - SCALE_WIDTH_PX), bookWidthPx: BOOK_WIDTH_PX };
}

export function xFromNs(view: Viewport, layout: PaneLayout, timeNs: number): number {
  return layout.mapWidthPx * (1 - (view.rightNs - timeNs) / view.spanNs);
}

export function nsFromX(view: Viewport, layout: PaneLayout, x: number): number {
  return view.rightNs - (1 - x / layout.mapWidthPx) * view.spanNs;
}

export function yFromUnits(view: Viewport, layout: PaneLayout, priceUnits: number): number {
  return layout.heightPx * (1 - (priceUnits - view.lowUnits) / view.spanUnits);
}

export function unitsFromY(view: Viewport, layout: PaneLayout, y: number): number {
  return view.lowUnits + (1 - y / layout.heightPx) * view.spanUnits;
}
