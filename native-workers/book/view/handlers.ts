/**
 * The view role of the book worker: its calls, answered by ViewSessions over one shared cache of timelines. Must not know
 * the worker's thread or its other role.
 */
import { DepthscopeError } from '../../../core/contract/index.ts';
import { type BookCalls, type BookEvents, Caller, type Handlers, type StoreCalls } from '../../protocol/index.ts';
import { bookAt } from './book-at.ts';
import { ROWS_PER_SEGMENT, Timeline, type TimelineStore } from './timeline.ts';
import { TimelineCache } from './timeline-cache.ts';
import { machineClock, type ViewClock } from './view-clock.ts';
import { viewFacts } from './view-facts.ts';
import { ViewSession } from './view-session.ts';

/** Calls of the view role. */
export type ViewCalls = Pick<
  BookCalls,
  | 'connectStore'
  | 'view.open'
  | 'view.window'
  | 'view.close'
  | 'view.ack'
  | 'replay.play'
  | 'replay.pause'
  | 'replay.seek'
  | 'replay.step'
  | 'book.at'
>;

/** Sends an event of the view role, as `serve` returns it. */
export type ViewEventSender = <K extends 'frame' | 'viewError'>(name: K, value: BookEvents[K], transfer?: readonly ArrayBuffer[]) => void;

/** What tests set otherwise. */
export interface ViewOptions {
  readonly wall?: ViewClock;
  readonly cache?: TimelineCache;
  readonly rowsPerSegment?: number;
  readonly mostRawRows?: number | undefined;
}

/** Returns the handlers of the view role. */
export function createViewHandlers(send: ViewEventSender, options: ViewOptions = {}): Handlers<ViewCalls> {
  const { wall = machineClock, cache = new TimelineCache(), rowsPerSegment = ROWS_PER_SEGMENT, mostRawRows } = options;
  const views = new Map<string, ViewSession>();
  let store: TimelineStore | null = null;

  const timelineOf = async (sessionId: string, instrumentId: number): Promise<Timeline> => {
    if (!store)
      throw new DepthscopeError('view.no-store', 'The book worker has no road to the recordings yet; try again in a moment.', {
        retryable: true,
      });
    const manifest = await store.call('sessions.manifest', { sessionId });
    return new Timeline(manifest, instrumentId, { store, cache, rowsPerSegment });
  };
  const viewOf = (viewId: string): ViewSession => {
    const view = views.get(viewId);
    if (!view)
      throw new DepthscopeError('view.unknown-view', 'This view is not open any more; open the session again.', { context: { viewId } });
    return view;
  };

  return {
    connectStore: ({ store: port }) => {
      const caller = new Caller<Pick<StoreCalls, 'read.timeline' | 'sessions.manifest'>>(port);
      port.on('close', () =>
        caller.fail(
          new DepthscopeError('store.gone', 'The store has stopped; nothing more can be read until it is back.', { retryable: true }),
        ),
      );
      store = caller;
      return null;
    },
    'view.open': async ({ viewId, sessionId, instrumentId }) => {
      const timeline = await timelineOf(sessionId, instrumentId);
      const { info, headNs, centreUnits } = await viewFacts(viewId, timeline);
      views.get(viewId)?.close();
      const sink = {
        frame: (bytes: Uint8Array<ArrayBuffer>) => send('frame', { viewId, bytes }, [bytes.buffer]),
        error: (error: BookEvents['viewError']['error']) => send('viewError', { viewId, error }),
      };
      views.set(viewId, new ViewSession(timeline, { window: info.suggested, headNs, centreUnits, mostRawRows }, sink, wall));
      return info;
    },
    'view.window': ({ viewId, epoch, window }) => {
      viewOf(viewId).setWindow(epoch, window);
      return null;
    },
    'view.close': ({ viewId }) => {
      views.get(viewId)?.close();
      views.delete(viewId);
      return null;
    },
    // An acknowledgement may cross the closing of its view.
    'view.ack': ({ viewId }) => {
      views.get(viewId)?.acknowledge();
      return null;
    },
    'replay.play': ({ viewId, speed }) => {
      viewOf(viewId).play(speed);
      return null;
    },
    'replay.pause': ({ viewId }) => {
      viewOf(viewId).pause();
      return null;
    },
    'replay.seek': ({ viewId, epoch, timeNs }) => {
      viewOf(viewId).seek(epoch, BigInt(timeNs));
      return null;
    },
    'replay.step': async ({ viewId, epoch, unit, direction }) => {
      await viewOf(viewId).step(epoch, unit, direction);
      return null;
    },
    'book.at': async ({ sessionId, instrumentId, timeNs, depth }) =>
      bookAt(await timelineOf(sessionId, instrumentId), BigInt(timeNs), depth),
  };
}
