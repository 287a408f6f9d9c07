/**
 * A made-up market for pictures: resting size as a pure function of time bucket and price, so that any window can be
 * computed alone. Must not know frames or the host.
 */

export const PRICE_SCALE = 1;
export const SIZE_SCALE = 3;

interface Wall {
  readonly price: number;
  readonly from: number;
  readonly to: number;
  readonly size: number;
}

/** Returns a number in 0 … 1 that depends only on its arguments. */
export function noise(a: number, b: number): number {
  let h = Math.imul(a | 0, 0x9e3779b1) ^ Math.imul((b | 0) + 0x7f4a7c15, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return ((h ^ (h >>> 15)) >>> 0) / 4294967296;
}

const WALLS: readonly Wall[] = Array.from({ length: 90 }, (_, i) => {
  const from = Math.floor(noise(i, 1) * 7000) - 300;
  return {
    price: 642_100 + Math.round((noise(i, 2) - 0.5) * 90) * 10,
    from,
    to: from + 60 + Math.floor(noise(i, 3) * 400),
    size: 40_000 + noise(i, 4) * 500_000,
  };
});

/** Returns the middle price (units of 0.1) in a second of the session. */
export function middleAt(second: number): number {
  return (
    642_100 +
    60 * Math.sin(second / 170) +
    35 * Math.sin(second / 61 + 1) +
    14 * Math.sin(second / 19) +
    4 * (noise(Math.floor(second), 9) - 0.5)
  );
}

/** Returns the best bid and ask (units) in a second. */
export function touchAt(second: number): readonly [number, number] {
  const middle = middleAt(second);
  const half = 4 + 5 * noise(Math.floor(second / 3), 11);
  return [Math.floor(middle - half), Math.ceil(middle + half)];
}

/** Returns signed resting size at a price in a second: bids negative, asks positive, 0 inside the spread. */
export function sizeAt(second: number, priceUnits: number, binUnits: number): number {
  const [bid, ask] = touchAt(second);
  if (priceUnits > bid && priceUnits < ask) return 0;
  const sign = priceUnits <= bid ? -1 : 1;
  const away = Math.abs(priceUnits - (sign < 0 ? bid : ask));
  const patch = noise(Math.floor(second / 14), Math.floor(priceUnits / 10));
  const slow = noise(Math.floor(second / 90), Math.floor(priceUnits / 40) + 7777);
  const row = noise(3, Math.floor(priceUnits / 10));
  let size = (400 + 5000 * patch * slow + (row > 0.9 ? 9000 : 0)) * Math.exp(-away / 900) * (priceUnits % 50 === 0 ? 1.7 : 1);
  for (const wall of WALLS) {
    if (second >= wall.from && second < wall.to && wall.price >= priceUnits && wall.price < priceUnits + binUnits) size += wall.size;
  }
  return sign * Math.round(size);
}

/** Returns the trades of a second: ns in the second, price, size, side. */
export function tradesAt(second: number): number[][] {
  const out: number[][] = [];
  const count = Math.floor(noise(second, 21) * 3.4);
  const [bid, ask] = touchAt(second);
  for (let i = 0; i < count; i++) {
    const buy = noise(second * 7 + i, 22) > 0.5 - 0.2 * Math.cos(second / 170);
    const big = noise(second * 13 + i, 23);
    out.push([
      Math.floor(((i + 0.5) / count) * 1e9),
      buy ? ask : bid,
      Math.round(50 + big * 900 + (big > 0.985 ? 26_000 : 0)),
      buy ? 1 : 2,
    ]);
  }
  return out;
}
