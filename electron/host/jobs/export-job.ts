/** Exports one stream of a session to a file. The store worker writes it; a cancelled or failed export leaves no file. */
import { basename } from 'node:path';
import type { CallParams } from '../../../core/contract/index.ts';
import type { StoreService } from '../store-service.ts';
import { checkExportTarget } from './export-target.ts';
import type { JobSpec } from './job-list.ts';

export interface ExportResult {
  readonly rows: number;
  readonly bytes: number;
}

/** Returns the job that exports. */
export function exportJob(
  params: CallParams<'export.start'>,
  { store, dataDir }: { store: StoreService; dataDir: string },
): JobSpec<ExportResult> {
  return {
    kind: 'export',
    title: `Export ${basename(params.path)}`,
    sessionId: params.sessionId,
    lane: null,
    errorDomain: 'store',
    work: async ({ jobId, signal, update }) => {
      await checkExportTarget(params.path, dataDir);
      update({ phase: 'writing' });
      let cancelled: Promise<unknown> = Promise.resolve();
      const onAbort = (): void => {
        cancelled = store.call('export.cancel', { jobId });
      };
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        const result = await store.call('export.run', { jobId, ...params });
        update({ bytesDone: result.bytes, bytesTotal: result.bytes, messages: result.rows });
        return result;
      } finally {
        signal.removeEventListener('abort', onAbort);
        await cancelled;
      }
    },
  };
}
