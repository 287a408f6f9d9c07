/** Sends files that have no path (dropped on a browser) to the host in chunks. Must not know what they hold. */
import type { HostLink } from './connect.ts';

export interface UploadProgress {
  readonly name: string;
  readonly bytesDone: number;
  readonly bytesTotal: number;
}

/** Returns the upload ids of the files, in order. After a failure or an abort the host keeps none of them. */
export async function uploadFiles(
  link: HostLink,
  files: readonly File[],
  signal: AbortSignal,
  onProgress: (progress: UploadProgress) => void,
): Promise<string[]> {
  const ids: string[] = [];
  const bytesTotal = files.reduce((sum, file) => sum + file.size, 0);
  let bytesDone = 0;
  try {
    for (const file of files) {
      const { uploadId, chunkBytes } = await link.call('upload.begin', { name: file.name, bytes: file.size });
      ids.push(uploadId);
      for (let offset = 0; offset < file.size; offset += chunkBytes) {
        signal.throwIfAborted();
        const chunk = new Uint8Array(await file.slice(offset, offset + chunkBytes).arrayBuffer());
        await link.call('upload.chunk', { uploadId, offset }, chunk);
        bytesDone += chunk.byteLength;
        onProgress({ name: file.name, bytesDone, bytesTotal });
      }
    }
    return ids;
  } catch (thrown) {
    await Promise.allSettled(ids.map((uploadId) => link.call('upload.abort', { uploadId })));
    throw thrown;
  }
}
