/** Entry of the book worker's thread: the pipeline role and, beside it, the view role. Must not know who started it. */
import { parentPort } from 'node:worker_threads';
import { invariant } from '../../core/util/index.ts';
import { type BookCalls, type BookEvents, type Pipe, serve } from '../protocol/index.ts';
import { runPipeline } from './pipeline.ts';
import { createViewHandlers } from './view/index.ts';

invariant(parentPort !== null, 'the book worker is started as a thread');
const pipe: Pipe = parentPort;

type Send = <K extends keyof BookEvents & string>(name: K, value: BookEvents[K], transfer?: readonly ArrayBuffer[]) => void;
const send: Send = (name, value, transfer) => sendEvent(name, value, transfer);

const sendEvent = serve<BookCalls, BookEvents>(pipe, {
  ...createViewHandlers(send),
  pipeline: ({ input, output }) => runPipeline({ input, output, onProgress: (events) => send('pipelineProgress', { events }) }),
});
