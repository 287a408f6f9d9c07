/**
 * Starts a worker thread by its name and gives the typed calling end. Must not know what the workers do: only where their
 * entries lie and how a thread that ends by itself is told to those who wait for it.
 */
import { Worker } from 'node:worker_threads';
import { DepthscopeError, type ErrorDomain } from '../../core/contract/index.ts';
import {
  Caller,
  type BookCalls,
  type BookEvents,
  type ImportCalls,
  type ImportEvents,
  type StoreCalls,
  type StoreEvents,
} from '../protocol/index.ts';

/** Calls and events of each worker. */
export interface WorkerContracts {
  import: { calls: ImportCalls; events: ImportEvents };
  book: { calls: BookCalls; events: BookEvents };
  store: { calls: StoreCalls; events: StoreEvents };
}
export type WorkerName = keyof WorkerContracts;

const DOMAINS = { import: 'import', book: 'book', store: 'store' } as const satisfies Record<WorkerName, ErrorDomain>;

/**
 * Returns the entry of a worker: its TypeScript file beside this folder in development, the bundle in `workers/` beside
 * the bundle that this code is part of otherwise.
 */
export function workerUrl(name: WorkerName, from: string = import.meta.url): URL {
  const relative = from.endsWith('.ts') ? `../${name}/worker.ts` : `../workers/${name}.js`;
  return new URL(relative, from);
}

/** A running worker thread. */
export class WorkerHandle<N extends WorkerName> {
  readonly caller: Caller<WorkerContracts[N]['calls'], WorkerContracts[N]['events']>;
  private readonly worker: Worker;
  private readonly crashListeners: ((error: DepthscopeError) => void)[] = [];
  private failure: DepthscopeError | null = null;
  private ending = false;
  private exited = false;

  constructor(name: N, url: URL = workerUrl(name)) {
    this.worker = new Worker(url, { name: `depthscope-${name}` });
    this.caller = new Caller(this.worker);
    this.worker.on('error', (error: unknown) =>
      this.ended(crashError(name, error instanceof Error ? (error.stack ?? error.message) : String(error), error)),
    );
    this.worker.on('exit', (code) => {
      this.exited = true;
      this.ended(crashError(name, `the thread ended with code ${code}`, undefined));
    });
  }

  get call(): Caller<WorkerContracts[N]['calls'], WorkerContracts[N]['events']>['call'] {
    return this.caller.call.bind(this.caller) as Caller<WorkerContracts[N]['calls'], WorkerContracts[N]['events']>['call'];
  }

  /** Calls the listener once when the thread ends without having been told to; at once when it did already. */
  onCrash(listener: (error: DepthscopeError) => void): void {
    if (this.failure) listener(this.failure);
    else this.crashListeners.push(listener);
  }

  /** Ends the thread; open calls fail with `import.cancelled` or the like. Resolves when it is gone. */
  async terminate(): Promise<void> {
    this.ending = true;
    this.caller.fail(new DepthscopeError('contract.worker-ended', 'The work was ended.'));
    if (!this.exited) await this.worker.terminate();
  }

  private ended(error: DepthscopeError): void {
    if (this.ending || this.failure) return;
    this.failure = error;
    this.caller.fail(error);
    for (const listener of this.crashListeners.splice(0)) listener(error);
  }
}

function crashError(name: WorkerName, detail: string, cause: unknown): DepthscopeError {
  return new DepthscopeError(
    `${DOMAINS[name]}.worker-crashed`,
    `The ${name} worker of Depthscope stopped unexpectedly; what was finished before is kept. Try again.`,
    { detail, retryable: true, cause },
  );
}
