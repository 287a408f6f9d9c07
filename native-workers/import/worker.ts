/** Entry of the import thread: answers ImportCalls. Must not know how an import is done. */
import { parentPort } from 'node:worker_threads';
import { DepthscopeError } from '../../core/contract/index.ts';
import { serve, type ImportCalls, type ImportEvents, type Pipe } from '../protocol/index.ts';
import { contentIdOf } from './content-id.ts';
import { ImportRun } from './import-run.ts';

if (parentPort === null) throw new Error('this file is the entry of a worker thread');

let current: ImportRun | null = null;

const send = serve<ImportCalls, ImportEvents>(parentPort as Pipe, {
  run: async ({ source, out }) => {
    if (current !== null) throw new DepthscopeError('import.busy', 'This importer is busy: each import has its own.');
    current = new ImportRun(source, out, (progress) => send('progress', progress));
    try {
      return await current.run();
    } finally {
      current = null;
    }
  },
  cancel: () => {
    current?.cancel();
    return null;
  },
  contentId: ({ source }) => contentIdOf(source),
});
