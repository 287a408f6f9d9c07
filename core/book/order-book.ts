/**
 * An L3 book: single orders by id, queued by price and time, with the sums per level kept as an L2 view. Must not know
 * instruments, venues or what a missing order means.
 */
import { Side } from '../model/index.ts';
import { LevelBook } from './level-book.ts';
import { NumberMap } from './number-map.ts';

const FIRST_ROOM = 16;

/**
 * Orders of one instrument.
 * @invariant sizeAt(side, price) is the sum of the sizes of the orders of that queue
 * @units prices in price units, sizes in size units; ids are integers up to 2^53
 * @perf orders and queues lie in pooled typed arrays: no allocation but when a pool doubles
 */
export class OrderBook {
  /** Orders resting now. */
  orderCount = 0;
  private readonly levels: LevelBook;
  private readonly orders = new NumberMap();
  private readonly queues = [new NumberMap(), new NumberMap()] as const;
  private ids = new Float64Array(FIRST_ROOM);
  private prices = new Float64Array(FIRST_ROOM);
  private sizes = new Float64Array(FIRST_ROOM);
  private sides = new Uint8Array(FIRST_ROOM);
  private nexts = new Int32Array(FIRST_ROOM);
  private previous = new Int32Array(FIRST_ROOM);
  private usedNodes = 0;
  private freeNode = -1;
  private heads = new Int32Array(FIRST_ROOM);
  private tails = new Int32Array(FIRST_ROOM);
  private usedQueues = 0;
  private freeQueue = -1;

  constructor(tickUnits = 0) {
    this.levels = new LevelBook(tickUnits);
  }

  /** Adds an order at the tail of its price; returns false (and changes nothing) when the id rests already. */
  add(id: number, side: number, priceUnits: number, size: number): boolean {
    if (this.orders.get(id) !== -1) return false;
    const node = this.takeNode();
    this.ids[node] = id;
    this.prices[node] = priceUnits;
    this.sizes[node] = size;
    this.sides[node] = side;
    this.orders.set(id, node);
    this.orderCount++;
    this.append(node);
    return true;
  }

  /**
   * Changes price and size of an order; returns false when it is unknown. It keeps its place only when `keepsPriority`
   * and the price stays, else it goes to the tail. Size 0 removes it.
   */
  modify(id: number, priceUnits: number, size: number, keepsPriority: boolean): boolean {
    const node = this.orders.get(id);
    if (node === -1) return false;
    if (size <= 0) return this.delete(id);
    if (keepsPriority && this.prices[node] === priceUnits) {
      this.addToLevel(node, size - this.sizes[node]);
      this.sizes[node] = size;
      return true;
    }
    this.detach(node);
    this.prices[node] = priceUnits;
    this.sizes[node] = size;
    this.append(node);
    return true;
  }

  /** Takes `size` off an order, which goes when nothing is left; returns false when it is unknown. */
  execute(id: number, size: number): boolean {
    const node = this.orders.get(id);
    if (node === -1) return false;
    if (size >= this.sizes[node]) return this.delete(id);
    this.addToLevel(node, -size);
    this.sizes[node] -= size;
    return true;
  }

  /** Removes an order; returns false when it is unknown. */
  delete(id: number): boolean {
    const node = this.orders.get(id);
    if (node === -1) return false;
    this.detach(node);
    this.orders.delete(id);
    this.orderCount--;
    this.nexts[node] = this.freeNode;
    this.freeNode = node;
    return true;
  }

  /** Returns the side of an order (model Side), `Side.none` when it is unknown. */
  sideOf(id: number): number {
    const node = this.orders.get(id);
    return node === -1 ? Side.none : this.sides[node];
  }

  /** Returns the price of an order in price units, NaN when it is unknown. */
  priceOf(id: number): number {
    const node = this.orders.get(id);
    return node === -1 ? Number.NaN : this.prices[node];
  }

  /** Writes up to `max` pairs (order id, size) of a level, first in time first; returns the pairs written. */
  copyOrders(side: number, priceUnits: number, max: number, out: Float64Array): number {
    const queue = this.queues[side === Side.bid ? 0 : 1].get(priceUnits);
    if (queue === -1) return 0;
    const limit = Math.min(max, out.length >> 1);
    let n = 0;
    for (let node = this.heads[queue]; node !== -1 && n < limit; node = this.nexts[node], n++) {
      out[2 * n] = this.ids[node];
      out[2 * n + 1] = this.sizes[node];
    }
    return n;
  }

  /** Returns the best price of a side in price units, NaN when it is empty. */
  best(side: number): number {
    return this.levels.best(side);
  }

  /** Writes best bid and best ask in price units into out[0] and out[1], NaN when a side is empty. */
  readTouch(out: Float64Array): void {
    this.levels.readTouch(out);
  }

  /** Returns the summed size at a price, 0 when there is none. */
  sizeAt(side: number, priceUnits: number): number {
    return this.levels.sizeAt(side, priceUnits);
  }

  /** Returns the number of levels of a side. */
  levelCount(side: number): number {
    return this.levels.levelCount(side);
  }

  /** Writes up to `max` pairs (price units, size), best first, from out[at]; returns the pairs written. */
  copyLevels(side: number, max: number, out: Float64Array, at = 0): number {
    return this.levels.copyLevels(side, max, out, at);
  }

  /** Removes every order; the pools keep their room. */
  clear(): void {
    this.levels.clear();
    this.orders.clear();
    this.queues[0].clear();
    this.queues[1].clear();
    this.orderCount = 0;
    this.usedNodes = 0;
    this.freeNode = -1;
    this.usedQueues = 0;
    this.freeQueue = -1;
  }

  private addToLevel(node: number, size: number): void {
    const side = this.sides[node];
    const price = this.prices[node];
    this.levels.set(side, price, this.levels.sizeAt(side, price) + size);
  }

  private append(node: number): void {
    const map = this.queues[this.sides[node] === Side.bid ? 0 : 1];
    let queue = map.get(this.prices[node]);
    this.nexts[node] = -1;
    if (queue === -1) {
      queue = this.takeQueue();
      map.set(this.prices[node], queue);
      this.heads[queue] = node;
      this.previous[node] = -1;
    } else {
      this.nexts[this.tails[queue]] = node;
      this.previous[node] = this.tails[queue];
    }
    this.tails[queue] = node;
    this.addToLevel(node, this.sizes[node]);
  }

  private detach(node: number): void {
    const map = this.queues[this.sides[node] === Side.bid ? 0 : 1];
    const price = this.prices[node];
    const queue = map.get(price);
    const before = this.previous[node];
    const after = this.nexts[node];
    if (before === -1) this.heads[queue] = after;
    else this.nexts[before] = after;
    if (after === -1) this.tails[queue] = before;
    else this.previous[after] = before;
    this.addToLevel(node, -this.sizes[node]);
    if (before !== -1 || after !== -1) return;
    map.delete(price);
    this.heads[queue] = this.freeQueue;
    this.freeQueue = queue;
  }

  private takeNode(): number {
    if (this.freeNode !== -1) {
      const node = this.freeNode;
      this.freeNode = this.nexts[node];
      return node;
    }
    if (this.usedNodes === this.ids.length) {
      this.ids = doubled(this.ids);
      this.prices = doubled(this.prices);
      this.sizes = doubled(this.sizes);
      this.sides = doubled(this.sides);
      this.nexts = doubled(this.nexts);
      this.previous = doubled(this.previous);
    }
    return this.usedNodes++;
  }

  private takeQueue(): number {
    if (this.freeQueue !== -1) {
      const queue = this.freeQueue;
      this.freeQueue = this.heads[queue];
      return queue;
    }
    if (this.usedQueues === this.heads.length) {
      this.heads = doubled(this.heads);
      this.tails = doubled(this.tails);
    }
    return this.usedQueues++;
  }
}

type Pool = Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

function doubled<P extends Pool>(pool: P): P {
  const Column = pool.constructor as new (length: number) => P;
  const larger = new Column(pool.length * 2);
  larger.set(pool);
  return larger;
}
