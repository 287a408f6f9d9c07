/** A hash from integers up to 2^53 to small integers in typed arrays, for order ids and prices. Must not know what it maps. */

const FIRST_SLOTS = 16;
const LOW = 4294967296;

/**
 * Open addressing with linear probing; a removal closes its hole, so there are no tombstones.
 * @invariant a free slot has value −1; at most half of the slots are used
 * @perf no allocation but when the table doubles
 */
export class NumberMap {
  size = 0;
  private keys = new Float64Array(FIRST_SLOTS);
  private values = new Int32Array(FIRST_SLOTS).fill(-1);
  private mask = FIRST_SLOTS - 1;

  /** Returns the value of `key`, −1 when it is absent. */
  get(key: number): number {
    const { keys, values, mask } = this;
    for (let slot = home(key) & mask; values[slot] !== -1; slot = (slot + 1) & mask) {
      if (keys[slot] === key) return values[slot];
    }
    return -1;
  }

  /** Sets the value (0 or more) of `key`. */
  set(key: number, value: number): void {
    if (this.size * 2 >= this.mask) this.grow();
    const { keys, values, mask } = this;
    let slot = home(key) & mask;
    while (values[slot] !== -1 && keys[slot] !== key) slot = (slot + 1) & mask;
    if (values[slot] === -1) this.size++;
    keys[slot] = key;
    values[slot] = value;
  }

  /** Removes `key`; an absent key changes nothing. */
  delete(key: number): void {
    const { keys, values, mask } = this;
    let hole = home(key) & mask;
    while (values[hole] !== -1 && keys[hole] !== key) hole = (hole + 1) & mask;
    if (values[hole] === -1) return;
    this.size--;
    for (let slot = (hole + 1) & mask; values[slot] !== -1; slot = (slot + 1) & mask) {
      const reach = (slot - (home(keys[slot]) & mask)) & mask;
      if (reach < ((slot - hole) & mask)) continue;
      keys[hole] = keys[slot];
      values[hole] = values[slot];
      hole = slot;
    }
    values[hole] = -1;
  }

  /** Removes every key; the table keeps its room. */
  clear(): void {
    this.values.fill(-1);
    this.size = 0;
  }

  private grow(): void {
    const { keys, values } = this;
    this.keys = new Float64Array(keys.length * 2);
    this.values = new Int32Array(keys.length * 2).fill(-1);
    this.mask = keys.length * 2 - 1;
    this.size = 0;
    for (let slot = 0; slot < keys.length; slot++) if (values[slot] !== -1) this.set(keys[slot], values[slot]);
  }
}

function home(key: number): number {
  const high = Math.floor(key / LOW);
  let h = (key - high * LOW) ^ Math.imul(high, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
