/**
 * Keeps the price range of a map: the one asked for, or one around the touch that moves only when the touch leaves its
 * middle 60 %. Must not know time.
 */
import type { ViewWindow } from '../../../core/contract/index.ts';
import type { ViewFrame } from '../../../core/frames/index.ts';
import { isNearCentre, lowUnitsCentredOn, type PriceGrid } from '../../../core/view/index.ts';

/** The grid of one view. */
export class PriceKeeper {
  /** Grid of the last full frame, null before the first. */
  grid: PriceGrid | null = null;
  private readonly centreUnits: number;

  /** `centreUnits`: where to centre a first map without a touch. */
  constructor(centreUnits: number) {
    this.centreUnits = centreUnits;
  }

  /** Returns the grid for a full frame and keeps it; `touchUnits` is NaN when the book is empty. */
  gridFor(window: ViewWindow, touchUnits: number): PriceGrid {
    const { lowUnits, binUnits, bins } = window;
    if (lowUnits !== null) this.grid = { lowUnits, binUnits, bins };
    else if (!this.fits(window, touchUnits)) {
      const before = this.grid === null ? this.centreUnits : middleOf(this.grid);
      const centre = Number.isNaN(touchUnits) ? before : touchUnits;
      this.grid = { lowUnits: lowUnitsCentredOn(centre, binUnits, bins), binUnits, bins };
    }
    return this.grid as PriceGrid;
  }

  /** Returns false when the touch of the frame has left the middle of its map. A frame without a touch has not. */
  shows(frame: ViewFrame): boolean {
    const [bid] = frame.bids;
    const [ask] = frame.asks;
    if (bid === undefined && ask === undefined) return true;
    return isNearCentre(frame, bid === undefined ? ask : ask === undefined ? bid : (bid + ask) / 2);
  }

  private fits({ binUnits, bins }: ViewWindow, touchUnits: number): boolean {
    const { grid } = this;
    if (grid === null || grid.binUnits !== binUnits || grid.bins !== bins) return false;
    return Number.isNaN(touchUnits) || isNearCentre(grid, touchUnits);
  }
}

function middleOf(grid: PriceGrid): number {
  return grid.lowUnits + (grid.binUnits * grid.bins) / 2;
}
