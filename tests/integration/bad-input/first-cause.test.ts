/** Which of several failures of one run is told: the cause, not what other threads say because of it. */
import { expect, it } from 'vitest';
import { DepthscopeError } from '../../../core/contract/index.ts';
import { allOrCause } from '../../../electron/host/jobs/first-cause.ts';

const never = new AbortController().signal;
const storeGone = new DepthscopeError('book.store-gone', 'The store stopped taking rows; the session was not kept.');
const sourceGone = new DepthscopeError('store.source-gone', 'The source of the recording ended.');
const damaged = new DepthscopeError('format.damaged', 'The compressed file is damaged.');

function rejecting(error: Error): { part: Promise<never>; now(): void } {
  const { promise, reject } = Promise.withResolvers<never>();
  return { part: promise, now: () => reject(error) };
}

it('tells the cause although a consequence of it arrives first', async () => {
  const [ran, piped, consumed] = [rejecting(damaged), rejecting(storeGone), rejecting(sourceGone)];
  const told = expect(allOrCause([ran.part, piped.part, consumed.part], never)).rejects.toBe(damaged);
  piped.now();
  await new Promise((resolve) => setImmediate(resolve));
  consumed.now();
  await new Promise((resolve) => setImmediate(resolve));
  ran.now();
  await told;
});

it('does not wait for the others once the cause is known', async () => {
  await expect(allOrCause([Promise.reject(damaged), new Promise(() => undefined), Promise.resolve()], never)).rejects.toBe(damaged);
});

it('tells the first consequence when there is nothing else', async () => {
  await expect(allOrCause([Promise.resolve(1), Promise.reject(storeGone), Promise.reject(sourceGone)], never)).rejects.toBe(storeGone);
});

it('gives the results, and rejects at once when it is aborted', async () => {
  expect(await allOrCause([Promise.resolve(1), Promise.resolve('2'), Promise.resolve(3)], never)).toEqual([1, '2', 3]);
  const abort = new AbortController();
  const waiting = expect(allOrCause([new Promise(() => undefined), Promise.resolve(), Promise.resolve()], abort.signal)).rejects;
  abort.abort();
  await waiting.toMatchObject({ wire: { code: 'import.cancelled' } });
});
