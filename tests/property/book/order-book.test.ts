/** OrderBook against a plain list of orders per price. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderBook } from '../../../core/book/index.ts';

interface Order {
  id: number;
  side: number;
  price: number;
  size: number;
}

/** Orders in arrival order; an order that loses its priority moves to the end. */
class ListBook {
  orders: Order[] = [];
  find(id: number): Order | undefined {
    return this.orders.find((order) => order.id === id);
  }
  add(order: Order): boolean {
    if (this.find(order.id)) return false;
    this.orders.push({ ...order });
    return true;
  }
  remove(id: number): boolean {
    const before = this.orders.length;
    this.orders = this.orders.filter((order) => order.id !== id);
    return this.orders.length < before;
  }
  modify(id: number, price: number, size: number, keeps: boolean): boolean {
    const order = this.find(id);
    if (!order) return false;
    if (size === 0) return this.remove(id);
    if (keeps && order.price === price) order.size = size;
    else {
      this.remove(id);
      this.add({ ...order, price, size });
    }
    return true;
  }
  execute(id: number, size: number): boolean {
    const order = this.find(id);
    if (!order) return false;
    order.size -= size;
    if (order.size <= 0) this.remove(id);
    return true;
  }
  levels(side: number): number[] {
    const sums = new Map<number, number>();
    for (const order of this.orders) if (order.side === side) sums.set(order.price, (sums.get(order.price) ?? 0) + order.size);
    return [...sums].sort((a, b) => (side === 1 ? b[0] - a[0] : a[0] - b[0])).flat();
  }
}

const action = fc.record({
  kind: fc.constantFrom('add', 'add', 'add', 'modify', 'execute', 'delete', 'clear-rarely'),
  id: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 2 ** 53 - 20, max: 2 ** 53 - 1 })),
  side: fc.constantFrom(1, 2),
  price: fc.integer({ min: 995, max: 1005 }),
  size: fc.integer({ min: 1, max: 9 }),
  keeps: fc.boolean(),
  dice: fc.integer({ min: 0, max: 19 }),
});

describe('OrderBook', { timeout: 60_000 }, () => {
  it('agrees with a list of orders: queues, sums and unknown ids', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 300 }), (actions) => {
        const book = new OrderBook();
        const model = new ListBook();
        for (const { kind, id, side, price, size, keeps, dice } of actions) {
          if (kind === 'add') expect(book.add(id, side, price, size)).toBe(model.add({ id, side, price, size }));
          else if (kind === 'modify') expect(book.modify(id, price, size, keeps)).toBe(model.modify(id, price, size, keeps));
          else if (kind === 'execute') expect(book.execute(id, size)).toBe(model.execute(id, size));
          else if (kind === 'delete') expect(book.delete(id)).toBe(model.remove(id));
          else if (dice === 0) {
            book.clear();
            model.orders = [];
          }
          expect(book.sideOf(id)).toBe(model.find(id)?.side ?? 0);
        }
        expect(book.orderCount).toBe(model.orders.length);
        const out = new Float64Array(700);
        for (const s of [1, 2]) {
          const levels = model.levels(s);
          const n = book.copyLevels(s, 300, out);
          expect([...out.subarray(0, 2 * n)]).toEqual(levels);
          for (let i = 0; i < levels.length; i += 2) {
            const queue = model.orders.filter((order) => order.side === s && order.price === levels[i]).flatMap((o) => [o.id, o.size]);
            const m = book.copyOrders(s, levels[i], 300, out);
            expect([...out.subarray(0, 2 * m)]).toEqual(queue);
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});
