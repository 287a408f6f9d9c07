/**
 * A worker that is there as long as the host: started once, started again when its thread crashes. Must not know what
 * the worker is for; its owner says how to make a new one ready.
 */
import { DepthscopeError } from '../../core/contract/index.ts';
import { WorkerHandle, type WorkerName } from './worker-handle.ts';

/** Crashes in a row, with no successful start-up call between, after which the worker is given up. */
const MAX_CRASHES = 5;

export interface KeptWorkerOptions<N extends WorkerName> {
  readonly name: N;
  readonly url?: URL;
  /** Makes a fresh worker ready: opens files, connects ports, listens to events. */
  start(worker: WorkerHandle<N>): Promise<void>;
  /** The thread crashed; a new one is being started. */
  onCrash(error: DepthscopeError): void;
}

export class KeptWorker<N extends WorkerName> {
  private readonly options: KeptWorkerOptions<N>;
  private current: Promise<WorkerHandle<N>>;
  private running: WorkerHandle<N> | null = null;
  private crashes = 0;
  private closed = false;

  constructor(options: KeptWorkerOptions<N>) {
    this.options = options;
    this.current = quiet(this.launch());
  }

  /** Resolves with the worker when it is ready; rejects with what kept it from starting. */
  ready(): Promise<WorkerHandle<N>> {
    return this.current;
  }

  /** Ends the present thread and starts a new one. */
  async restart(): Promise<void> {
    const old = this.running;
    this.running = null;
    await old?.terminate();
    if (!this.closed) this.replace(this.launch());
  }

  /** Ends the thread for good. */
  async close(): Promise<void> {
    this.closed = true;
    const old = this.running;
    this.running = null;
    this.replace(Promise.reject(new DepthscopeError('contract.closed', 'Depthscope is closing.')));
    await old?.terminate();
  }

  private async launch(): Promise<WorkerHandle<N>> {
    const worker = new WorkerHandle(this.options.name, this.options.url);
    this.running = worker;
    worker.onCrash((error) => this.crashed(worker, error));
    await this.options.start(worker);
    this.crashes = 0;
    return worker;
  }

  private crashed(worker: WorkerHandle<N>, error: DepthscopeError): void {
    if (this.closed || this.running !== worker) return;
    this.running = null;
    this.crashes++;
    this.replace(this.crashes < MAX_CRASHES ? this.launch() : Promise.reject(error));
    this.options.onCrash(error);
  }

  private replace(next: Promise<WorkerHandle<N>>): void {
    this.current = quiet(next);
  }
}

/** Whoever asks for the worker sees the failure; until then it must not count as unhandled. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
