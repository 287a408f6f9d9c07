/**
 * Depth updates and images of one recording → rows: asks the symbol's gate and carries out what it decides, keeping updates
 * in the waiting room until an image comes. Must not know JSON, trades or quotes.
 */
import { type DecoderContext, EventKind, LateCode } from '../../model/index.ts';
import type { BinanceMessage } from './message.ts';
import type { RowEmitter } from './rows.ts';
import type { HeldUpdate } from './sequence.ts';
import type { SymbolState } from './symbols.ts';

/** What is common to an update at hand and one that was held. */
type DepthUpdate = Pick<HeldUpdate, 'firstId' | 'lastId' | 'previousId' | 'bids' | 'asks' | 'levels'>;

export class DepthFlow {
  private readonly context: DecoderContext;
  private readonly rows: RowEmitter;

  constructor(context: DecoderContext, rows: RowEmitter) {
    this.context = context;
    this.rows = rows;
  }

  /** Passes an update through the gate; the row times are those of its receipt, given again for the waiting room. */
  update(state: SymbolState, message: BinanceMessage, time: { readonly hi: number; readonly lo: number }): void {
    state.hasDepth = true;
    if (!this.pass(state, message, false)) state.room.hold(message, time.hi, time.lo);
  }

  /** Takes an image if it is of use, and then what waited for it. */
  image(state: SymbolState, message: BinanceMessage): void {
    const { gate, room, facts, instrument } = state;
    const imageId = message.lastId;
    const isStale = (lastId: number): boolean => gate.isStale(lastId, imageId);
    if (!gate.canUse(imageId, room.firstFresh(isStale))) {
      this.rows.note(EventKind.late, instrument.id, { sequence: imageId, size: 1, code: LateCode.unusableImage });
      return;
    }
    this.reportOverflow(state);
    const waiting = room.takeAll();
    if (facts.images === 0) facts.bufferedBeforeSnapshot = waiting.length;
    facts.images++;
    facts.imageId = imageId;
    gate.start(imageId);
    this.rows.image(instrument.id, message, imageId);
    const stale = waiting.filter((update) => isStale(update.lastId)).length;
    if (stale > 0) this.rows.note(EventKind.late, instrument.id, { sequence: imageId, size: stale });
    for (const update of waiting) {
      this.rows.at(update.timeHi, update.timeLo, update.eventTime);
      if (!this.pass(state, update, true)) room.keep(update);
    }
  }

  /** Counts what still waits for an image when the stream ends. */
  end(state: SymbolState): void {
    const { gate, room, instrument } = state;
    if (!gate.waiting || room.count === 0) return;
    this.reportOverflow(state);
    this.rows.note(EventKind.late, instrument.id, { size: room.count, code: LateCode.noImage });
  }

  /** Returns false when the update must wait for an image. */
  private pass(state: SymbolState, update: DepthUpdate, held: boolean): boolean {
    const { gate, facts, instrument } = state;
    const { report } = this.context;
    const expected = gate.lastId;
    const decision = gate.accept(update.firstId, update.lastId, update.previousId);
    if (decision === 'apply') {
      facts.applied++;
      facts.levelUpdates += update.bids + update.asks;
      facts.lastId = update.lastId;
      this.rows.update(instrument.id, update, update.lastId);
    } else if (decision === 'stale') {
      facts.staleDropped++;
      report.staleDropped++;
      // Those that waited are told in one row, by the image.
      if (!held) this.rows.note(EventKind.late, instrument.id, { sequence: update.lastId, size: 1 });
    } else if (decision === 'duplicate') {
      facts.duplicates++;
      report.duplicates++;
      this.rows.note(EventKind.duplicate, instrument.id, { sequence: update.firstId, size: 1 });
    } else if (decision === 'gap') {
      this.gap(state, update, expected);
    }
    return decision !== 'hold' && decision !== 'gap';
  }

  private gap(state: SymbolState, update: DepthUpdate, expected: number): void {
    state.facts.gaps++;
    this.context.report.gaps++;
    const id = state.instrument.id;
    // Futures ids have holes by nature, so only spot tells how many are missing.
    const missing = update.previousId < 0 ? Math.max(0, update.firstId - expected - 1) : 0;
    this.rows.note(EventKind.gap, id, { sequence: expected + 1, ref: update.firstId, size: missing });
    this.rows.note(EventKind.clear, id, { sequence: update.firstId });
  }

  private reportOverflow({ room, instrument }: SymbolState): void {
    if (room.dropped === 0) return;
    this.rows.note(EventKind.late, instrument.id, { size: room.dropped, code: LateCode.overflow });
    room.dropped = 0;
  }
}
