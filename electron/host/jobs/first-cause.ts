/**
 * Waits for the threads of one run and, when it fails, says why: a thread that only lost its neighbour is not the cause.
 * Must not know what the threads do.
 */
import { DepthscopeError } from '../../../core/contract/index.ts';

/** What a thread says when the one before or after it went away. */
const CONSEQUENCES: ReadonlySet<string> = new Set(['book.source-gone', 'book.store-gone', 'store.source-gone', 'store.reader-gone']);

/**
 * Like Promise.all, but rejects with the cause, whichever rejection arrives first: a consequence waits until a cause is
 * known or every part is over. Rejects as soon as the signal aborts.
 */
export function allOrCause<A, B, C>(parts: [Promise<A>, Promise<B>, Promise<C>], signal: AbortSignal): Promise<[A, B, C]> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new DepthscopeError('import.cancelled', 'The work was cancelled.'));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    let consequence: unknown = null;
    for (const part of parts) {
      part.catch((thrown: unknown) => {
        if (isConsequence(thrown)) consequence ??= thrown;
        else reject(thrown);
      });
    }
    Promise.all(parts).then(resolve, () => undefined);
    void Promise.allSettled(parts).then(() => {
      signal.removeEventListener('abort', onAbort);
      reject(consequence);
    });
  });
}

function isConsequence(thrown: unknown): boolean {
  return thrown instanceof DepthscopeError && CONSEQUENCES.has(thrown.wire.code);
}
