/**
 * The host's road to the store worker: one worker for the life of the host, opened on the data directory, opened again
 * after a crash. Must not know jobs, views or screens.
 */
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { DepthscopeError } from '../../core/contract/index.ts';
import { KeptWorker } from '../../native-workers/host/index.ts';
import type { StoreCalls, StoreEvents } from '../../native-workers/protocol/index.ts';
import { VERSION } from './version.ts';

type StoreCallName = Exclude<keyof StoreCalls, 'open' | 'close' | 'connect' | 'write.consume' | 'read.all'>;

export interface StoreServiceOptions {
  readonly dataDir: string;
  onSessionsChanged(): void;
  /** The worker crashed: everything that it was asked is lost, and so are the ports that others had to it. */
  onCrash(error: DepthscopeError): void;
}

export class StoreService {
  private readonly worker: KeptWorker<'store'>;
  private readonly sealListeners = new Map<string, (progress: StoreEvents['sealProgress']) => void>();

  constructor(options: StoreServiceOptions) {
    this.worker = new KeptWorker({
      name: 'store',
      start: async (store) => {
        store.caller.on('sessionsChanged', () => options.onSessionsChanged());
        store.caller.on('sealProgress', (progress) => this.sealListeners.get(progress.stagingId)?.(progress));
        await store.call('open', { dataDir: options.dataDir, software: `depthscope ${VERSION}` });
      },
      onCrash: (error) => options.onCrash(error),
    });
  }

  /** Resolves when the data directory is open; rejects with the reason why it cannot be. */
  async ready(): Promise<void> {
    await this.worker.ready();
  }

  async call<K extends StoreCallName>(name: K, args: StoreCalls[K]['args']): Promise<StoreCalls[K]['result']> {
    const store = await this.worker.ready();
    return (store.call as (name: K, args: StoreCalls[K]['args']) => Promise<StoreCalls[K]['result']>)(name, args);
  }

  /** Starts writing what arrives on `input` into staging; resolves when all of it is there. */
  async consume(stagingId: string, input: MessagePort): Promise<{ rows: number }> {
    const store = await this.worker.ready();
    return store.call('write.consume', { stagingId, input }, [input]);
  }

  /** Sends all source rows of a session on `out`. */
  async readAll(sessionId: string, out: MessagePort): Promise<{ rows: number }> {
    const store = await this.worker.ready();
    return store.call('read.all', { sessionId, out }, [out]);
  }

  /** Seals a staging and tells how far it is. */
  async seal(
    args: StoreCalls['write.seal']['args'],
    progress: (progress: StoreEvents['sealProgress']) => void,
  ): Promise<StoreCalls['write.seal']['result']> {
    this.sealListeners.set(args.stagingId, progress);
    try {
      return await this.call('write.seal', args);
    } finally {
      this.sealListeners.delete(args.stagingId);
    }
  }

  /** Returns a port on which another worker can ask the store. */
  async connect(): Promise<MessagePort> {
    const store = await this.worker.ready();
    const { port1, port2 } = new MessageChannel();
    await store.call('connect', { port: port1 }, [port1]);
    return port2;
  }

  /** Closes the data directory and ends the worker; a store that never opened has nothing to close. */
  async close(): Promise<void> {
    const store = await this.worker.ready().catch(() => null);
    try {
      await store?.call('close', {});
    } finally {
      await this.worker.close();
    }
  }
}
