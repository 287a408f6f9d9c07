/**
 * Routes views: calls go to the view book worker, its frames to the screen that opened the view, acknowledgements back.
 * Must not know what a frame holds.
 */
import { randomUUID } from 'node:crypto';
import { DepthscopeError, type CallParams, type ViewInfo } from '../../core/contract/index.ts';
import type { Connection, StreamHandle, StreamSink } from '../../core/rpc/index.ts';
import { KeptWorker, type WorkerHandle } from '../../native-workers/host/index.ts';
import type { BookCalls } from '../../native-workers/protocol/index.ts';
import type { StoreService } from './store-service.ts';

type ViewCallName = 'view.window' | 'replay.play' | 'replay.pause' | 'replay.seek' | 'replay.step';

interface View {
  readonly viewId: string;
  readonly connectionId: number;
  sink: StreamSink<Uint8Array> | null;
  /** The frame that came before anyone listened. */
  waiting: Uint8Array | null;
  /** A frame is with the screen, not yet acknowledged. */
  inFlight: boolean;
}

export class ViewRouter {
  private readonly worker: KeptWorker<'book'>;
  private readonly views = new Map<string, View>();
  private readonly onUntold: (error: unknown) => void;
  private ending = false;

  /** `onUntold` is told of messages to the worker that failed although nobody waits for them. */
  constructor(store: StoreService, onUntold: (error: unknown) => void) {
    this.onUntold = onUntold;
    this.worker = new KeptWorker({
      name: 'book',
      start: async (book) => {
        book.caller.on('frame', ({ viewId, bytes }) => this.frame(viewId, bytes));
        book.caller.on('viewError', ({ viewId, error }) => {
          const { code, userText, detail, retryable, context } = error;
          this.drop(viewId, new DepthscopeError(code, userText, { detail, retryable, context: { ...context } }));
        });
        const port = await store.connect();
        await book.call('connectStore', { store: port }, [port]);
      },
      onCrash: (error) =>
        this.dropAll(
          new DepthscopeError('view.worker-crashed', 'The view was lost because its worker stopped; open the session again.', {
            cause: error,
            retryable: true,
          }),
        ),
    });
  }

  /** Ends every view, because the store that fed them is gone, and starts afresh. */
  async restart(): Promise<void> {
    this.dropAll(
      new DepthscopeError('view.store-lost', 'The view was lost because the store restarted; open the session again.', { retryable: true }),
    );
    await this.worker.restart();
  }

  async open(params: CallParams<'view.open'>, connection: Connection): Promise<ViewInfo> {
    const viewId = randomUUID();
    const book = await this.worker.ready();
    this.views.set(viewId, { viewId, connectionId: connection.id, sink: null, waiting: null, inFlight: false });
    try {
      return await book.call('view.open', { viewId, ...params });
    } catch (thrown) {
      this.views.delete(viewId);
      throw thrown;
    }
  }

  async call<K extends ViewCallName>(name: K, args: BookCalls[K]['args'], connection: Connection): Promise<null> {
    this.owned(args.viewId, connection);
    const book = await this.worker.ready();
    return (book.call as (name: K, args: BookCalls[K]['args']) => Promise<null>)(name, args);
  }

  async close(viewId: string, connection: Connection): Promise<null> {
    this.owned(viewId, connection);
    this.views.delete(viewId);
    return (await this.worker.ready()).call('view.close', { viewId });
  }

  /** Streams the frames of a view to the screen that opened it. One stream a view. */
  subscribe(viewId: string, sink: StreamSink<Uint8Array>): StreamHandle {
    const view = this.owned(viewId, sink.connection);
    if (view.sink) throw new DepthscopeError('view.in-use', 'The frames of this view are shown already.');
    view.sink = sink;
    if (view.waiting) {
      const bytes = view.waiting;
      view.waiting = null;
      this.deliver(view, bytes);
    }
    return {
      acknowledged: () => this.acknowledged(view),
      close: () => {
        view.sink = null;
        if (view.inFlight) this.acknowledged(view);
      },
    };
  }

  /** Closes what a screen that is gone had open. */
  connectionClosed(connection: Connection): void {
    for (const view of [...this.views.values()]) {
      if (view.connectionId !== connection.id) continue;
      this.views.delete(view.viewId);
      this.tell((book) => book.call('view.close', { viewId: view.viewId }));
    }
  }

  async bookAt(args: BookCalls['book.at']['args']): Promise<BookCalls['book.at']['result']> {
    return (await this.worker.ready()).call('book.at', args);
  }

  get count(): number {
    return this.views.size;
  }

  async end(): Promise<void> {
    this.ending = true;
    this.views.clear();
    await this.worker.close();
  }

  private frame(viewId: string, bytes: Uint8Array): void {
    const view = this.views.get(viewId);
    if (!view) return;
    if (view.sink) this.deliver(view, bytes);
    else view.waiting = bytes;
  }

  private deliver(view: View, bytes: Uint8Array): void {
    view.inFlight = true;
    view.sink?.send(bytes);
  }

  private acknowledged(view: View): void {
    view.inFlight = false;
    if (this.views.get(view.viewId) === view) this.tell((book) => book.call('view.ack', { viewId: view.viewId }));
  }

  /** Sends what needs no answer: when it fails, the view or its worker is gone, and `drop` told the screen already. */
  private tell(send: (book: WorkerHandle<'book'>) => Promise<null>): void {
    this.worker
      .ready()
      .then(send)
      .catch((error: unknown) => {
        // At the end the worker goes while messages to it may be under way: nothing is lost by that.
        if (!this.ending) this.onUntold(error);
      });
  }

  private owned(viewId: string, connection: Connection): View {
    const view = this.views.get(viewId);
    if (!view || view.connectionId !== connection.id)
      throw new DepthscopeError('view.unknown', 'This view is not open any more; open the session again.');
    return view;
  }

  private drop(viewId: string, error: DepthscopeError): void {
    const view = this.views.get(viewId);
    this.views.delete(viewId);
    view?.sink?.fail(error);
  }

  private dropAll(error: DepthscopeError): void {
    for (const viewId of [...this.views.keys()]) this.drop(viewId, error);
  }
}
