/** The session's time axis stays exact however far apart its rows lie. */
import { expect, it } from 'vitest';
import { BookCounters } from '../../../core/book/book-counters.ts';

const FIRST_NS = 1_700_000_000_123_456_789n;
const YEAR_NS = 31_536_000_000_000_000n;

it('keeps counted times to the nanosecond when the origin moves by years, there and back', () => {
  const counters = new BookCounters();
  counters.originNs = FIRST_NS - 5n;
  counters.firstReceive = 5;
  counters.lastReceive = 5;

  expect(counters.shiftFrom(FIRST_NS + YEAR_NS)).toBe(0);
  counters.lastReceive = 77;
  expect(counters.timeNs(counters.firstReceive)).toBe(FIRST_NS);
  expect(counters.shiftFrom(3n)).toBe(0);
  expect(counters.timeNs(counters.firstReceive)).toBe(FIRST_NS);
  expect(counters.timeNs(counters.lastReceive)).toBe(FIRST_NS + YEAR_NS + 77n);
  expect(counters.shiftFrom(FIRST_NS - 5n)).toBe(0);

  expect(counters.firstReceive).toBe(5);
  expect(counters.timeNs(counters.lastReceive)).toBe(FIRST_NS + YEAR_NS + 77n);
  expect(counters.timeNs(counters.firstExchange)).toBeNull();
});

it('leaves the origin where it is for bases within weeks', () => {
  const counters = new BookCounters();
  counters.originNs = FIRST_NS;
  expect(counters.shiftFrom(FIRST_NS + 86_400_000_000_000n)).toBe(86_400_000_000_000);
  expect(counters.originNs).toBe(FIRST_NS);
});
