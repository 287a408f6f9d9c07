/**
 * Large orders at round prices: they come, breathe, and go. Some are withdrawn when the price comes near, the others are
 * there to be hit. Must not know rows or other agents.
 */
import { Side } from '../../model/index.ts';
import type { BookSide, LevelBook } from './level-book.ts';
import type { Random } from './random.ts';

const NS_PER_SECOND = 1_000_000_000;
const ROUND_TICKS = 10;

/** A change of resting size that is to be told. */
export interface LevelTouched {
  readonly side: BookSide;
  readonly tick: number;
}

interface Wall {
  readonly side: BookSide;
  readonly tick: number;
  readonly untilNs: number;
  /** Withdrawn when the touch is nearer than this, ticks; 0 stays. */
  readonly pullTicks: number;
  life: number;
  size: number;
}

export class Walls {
  private readonly random: Random;
  private readonly book: LevelBook;
  private readonly wanted: number;
  private walls: Wall[] = [];

  constructor(random: Random, book: LevelBook, wanted: number) {
    this.random = random;
    this.book = book;
    this.wanted = wanted;
  }

  /** Sets up all walls at once, without telling. */
  fill(fairTick: number): void {
    for (let i = 0; i < this.wanted; i++) this.place(0, fairTick, 4);
  }

  /** One round of decisions for one wall; returns the level that changed, null when none did. */
  step(timeNs: number, fairTick: number): LevelTouched | null {
    if (this.walls.length < this.wanted) return this.place(timeNs, fairTick, 10);
    const at = this.random.below(this.walls.length);
    const wall = this.walls[at];
    if (this.book.lifeOf(wall.tick) !== wall.life) {
      this.drop(at);
      return null;
    }
    const touch = wall.side === Side.bid ? this.book.bestBid : this.book.bestAsk;
    const distance = Math.abs(touch - wall.tick);
    if (timeNs >= wall.untilNs || distance < wall.pullTicks || distance > 170) {
      this.drop(at);
      return this.shrink(wall, wall.size);
    }
    const change = Math.floor((wall.size * this.random.between(1, 8)) / 100);
    if (this.random.chance(500)) return this.shrink(wall, change);
    wall.size += change;
    this.book.add(wall.side, wall.tick, change);
    return wall;
  }

  private shrink(wall: Wall, size: number): LevelTouched | null {
    wall.size -= size;
    return this.book.remove(wall.side, wall.tick, size) > 0 ? wall : null;
  }

  private place(timeNs: number, fairTick: number, nearest: number): LevelTouched | null {
    const { random, book } = this;
    const side: BookSide = random.chance(500) ? Side.bid : Side.ask;
    const away = random.between(nearest, 130) * (side === Side.bid ? -1 : 1);
    const step = random.chance(700) ? ROUND_TICKS : 2;
    const round = Math.round((fairTick + away) / step) * step;
    const tick = book.restingTick(side, round);
    if (tick !== round || this.walls.some((wall) => wall.tick === tick)) return null;
    const size = 7_000 * random.between(2, 5) + 2_500 * random.heavy(24);
    const seconds = random.chance(250) ? random.between(200, 420) : random.between(25, 170);
    book.add(side, tick, size);
    const pullTicks = random.chance(450) ? random.between(3, 9) : 0;
    const wall: Wall = { side, tick, untilNs: timeNs + seconds * NS_PER_SECOND, pullTicks, life: book.lifeOf(tick), size };
    this.walls.push(wall);
    return wall;
  }

  private drop(at: number): void {
    this.walls = this.walls.filter((_, i) => i !== at);
  }
}
