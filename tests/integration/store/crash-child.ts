/**
 * A process that records a session and dies at a chosen moment: the store runs on its main thread, so that the moment is
 * exact. Usage: crash-child.ts <data dir> <consume|writing|moving|listing|wait>
 */
import { MessageChannel } from 'node:worker_threads';
import { StoreService } from '../../../native-workers/store/index.ts';
import { bookOutcome, contentId, feed, importOutcome, sessionOf, stepRows } from './helpers.ts';

const [, , dataDir, moment] = process.argv;
const service = new StoreService({
  on: () => undefined,
  postMessage: (raw) => {
    const { name, value } = raw as { name: string; value: { phase?: string } };
    if ((name === 'writeProgress' && moment === 'consume') || (name === 'sealProgress' && value.phase === moment))
      process.kill(process.pid, 'SIGKILL');
  },
});

await service.handlers.open({ dataDir });
const { port1, port2 } = new MessageChannel();
const consumed = service.handlers['write.consume']({ stagingId: 'child', input: port2 });
const messages = sessionOf(stepRows(3000), 500);
const end = messages.pop();
await feed(port1, messages);
if (moment === 'wait') {
  process.send?.('recording');
  await new Promise((resolve) => process.once('message', resolve));
}
if (end) await feed(port1, [end]);
await consumed;
await service.handlers['write.seal']({
  stagingId: 'child',
  import: importOutcome(contentId(7)),
  book: bookOutcome({ events: 3000 }),
  seconds: 1,
});
await service.handlers.close({});
process.exit(0);
