/** Entry of the store worker thread: serves StoreCalls over the thread's own port. */
import { parentPort } from 'node:worker_threads';
import { invariant } from '../../core/util/index.ts';
import { StoreService } from './service.ts';

invariant(parentPort !== null, 'the store worker runs in a worker thread');
new StoreService(parentPort);
