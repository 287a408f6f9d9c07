/**
 * Makes the L2 update stream of the book benches: 1,000 levels a side kept by feedback, rank of the touched level and
 * distance of a new one heavy-tailed, a fair price that walks and sometimes jumps, 40 % deletes. Integers only.
 */
import type { LevelStream } from './level-file.ts';
import { sfc32, type RandomSource } from './random.ts';

const SPAN = 1 << 20;
const TARGET_LEVELS = 1000;
const AWAY = [-1, 1] as const;

/** One side's occupied ticks with lazy bounds on its best and worst. */
class Ticks {
  readonly occupied = new Uint8Array(SPAN);
  count = 0;
  best: number;
  worst: number;
  private readonly side: 0 | 1;

  constructor(side: 0 | 1, start: number) {
    this.side = side;
    this.best = start;
    this.worst = start;
  }

  add(tick: number): void {
    if (this.occupied[tick] === 0) {
      this.occupied[tick] = 1;
      this.count++;
    }
    if (this.side === 1 ? tick < this.best : tick > this.best) this.best = tick;
    if (this.side === 1 ? tick > this.worst : tick < this.worst) this.worst = tick;
  }

  remove(tick: number): void {
    this.occupied[tick] = 0;
    this.count--;
    if (this.count === 0) return;
    while (this.occupied[this.best] === 0) this.best += AWAY[this.side];
    while (this.occupied[this.worst] === 0) this.worst -= AWAY[this.side];
  }

  /** Returns an occupied tick by heavy-tailed rank from the touch. */
  pick(random: RandomSource): number {
    let rank = random.unit() < 0.1 ? random.below(this.count) : random.pareto(8, this.count - 1);
    let tick = this.best;
    while (rank > 0 && tick !== this.worst) {
      tick += AWAY[this.side];
      if (this.occupied[tick] === 1) rank--;
    }
    return tick;
  }

  /** Returns an empty tick by heavy-tailed distance from the fair price. */
  free(random: RandomSource, mid: number): number {
    let tick = (this.side === 1 ? mid + 1 : mid) + AWAY[this.side] * random.pareto(20, 6000);
    while (this.occupied[tick] === 1) tick += AWAY[this.side];
    return tick;
  }
}

/** Returns `updates` updates for a seed; the same on every machine. */
export function generateLevelStream(updates = 5_000_000, seed = 1): LevelStream {
  const random = sfc32(seed);
  const timeMs = new Float64Array(updates);
  const tick = new Float64Array(updates);
  const lots = new Int32Array(updates);
  const side = new Uint8Array(updates);
  const starts: number[] = [];
  let mid = SPAN >> 1;
  const sides = [new Ticks(0, mid), new Ticks(1, mid + 1)] as const;
  let n = 0;
  let deletes = 0;
  let nowMs = 1_700_000_000_000;
  let messageEnd = 0;

  const emit = (s: 0 | 1, at: number, quantity: number): void => {
    if (n >= updates) return;
    if (n >= messageEnd) {
      starts.push(n);
      messageEnd = n + 1 + random.pareto(14, 400);
      nowMs += random.below(20000) / 1000;
    }
    timeMs[n] = nowMs;
    side[n] = s;
    tick[n] = at;
    lots[n] = quantity;
    n++;
    if (quantity === 0) deletes++;
  };
  const quantity = (): number => 1 + random.pareto(400, 400000);
  const insert = (s: 0 | 1): void => {
    const at = sides[s].free(random, mid);
    sides[s].add(at);
    emit(s, at, quantity());
  };
  const remove = (s: 0 | 1, at: number): void => {
    sides[s].remove(at);
    emit(s, at, 0);
  };
  const moveFairPrice = (): void => {
    let step = (random.below(3) + 1) * (random.u32() & 1 ? 1 : -1);
    if (random.unit() < 0.0005) step *= 120;
    mid += step;
    const crossed = step > 0 ? 1 : 0;
    const book = sides[crossed];
    while (book.count > 1 && (crossed === 1 ? book.best <= mid : book.best > mid)) remove(crossed, book.best);
    const touch = crossed === 1 ? mid : mid + 1;
    const opposite = crossed === 1 ? 0 : 1;
    if (sides[opposite].occupied[touch] === 0) {
      sides[opposite].add(touch);
      emit(opposite, touch, quantity());
    }
  };

  for (let i = 0; i < TARGET_LEVELS; i++) {
    for (const s of [0, 1] as const) {
      if (sides[s].count === 0) {
        const at = s === 1 ? mid + 1 : mid;
        sides[s].best = at;
        sides[s].worst = at;
        sides[s].add(at);
        emit(s, at, quantity());
      } else insert(s);
    }
  }
  while (n < updates) {
    if (random.unit() < 0.02) {
      moveFairPrice();
      continue;
    }
    const s = (random.u32() & 1) as 0 | 1;
    const book = sides[s];
    if (book.count > TARGET_LEVELS * 1.05 || Math.abs(book.worst - mid) > 8000) {
      remove(s, book.worst);
      continue;
    }
    const error = deletes / n - 0.4;
    if (book.count > 8 && random.unit() < 0.4 - 4 * error) remove(s, book.pick(random));
    else if (book.count < TARGET_LEVELS ? true : random.unit() < 0.5 * (1 - (book.count - TARGET_LEVELS) / (0.1 * TARGET_LEVELS)))
      insert(s);
    else emit(s, book.pick(random), quantity());
  }
  starts.push(updates);
  return { tickSize: 0.1, lotSize: 0.001, seed, timeMs, tick, lots, messageStart: Uint32Array.from(starts), side };
}
