/**
 * Files that come up from a browser in chunks, kept in `<data-dir>/inbox` until they are imported or given up. Must not
 * know how they are imported.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { DepthscopeError, type CallParams } from '../../core/contract/index.ts';
import type { CallContext, Connection } from '../../core/rpc/index.ts';

export const UPLOAD_CHUNK_BYTES = 4 * 1024 * 1024;
const MAX_NAME = 120;

interface Upload {
  readonly dir: string;
  readonly path: string;
  readonly bytes: number;
  readonly connectionId: number;
  readonly file: FileHandle;
  received: number;
  /** The last write; the next one waits for it. */
  written: Promise<unknown>;
}

/** Returns a file name that cannot leave its folder: no separators, no control characters, no leading dots. */
export function safeFileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const clean = last
    .replace(/[^\p{L}\p{N} ._()+=@-]/gu, '_')
    .replace(/^[. ]+/, '')
    .slice(-MAX_NAME);
  return clean === '' ? 'upload' : clean;
}

export class Uploads {
  private readonly inbox: string;
  private readonly uploads = new Map<string, Upload>();

  constructor(dataDir: string) {
    this.inbox = join(dataDir, 'inbox');
  }

  /** Removes what processes that are gone left behind. */
  async cleanUp(): Promise<void> {
    await mkdir(this.inbox, { recursive: true });
    for (const entry of await readdir(this.inbox)) {
      const pid = Number(/^(\d+)-/.exec(entry)?.[1] ?? 0);
      if (pid === process.pid || !isRunning(pid)) await rm(join(this.inbox, entry), { recursive: true, force: true });
    }
  }

  async begin({ name, bytes }: CallParams<'upload.begin'>, connection: Connection): Promise<{ uploadId: string; chunkBytes: number }> {
    const uploadId = randomUUID();
    const dir = join(this.inbox, `${process.pid}-${uploadId}`);
    await mkdir(dir, { recursive: true });
    const path = join(dir, safeFileName(name));
    const file = await open(path, 'wx');
    this.uploads.set(uploadId, { dir, path, bytes, connectionId: connection.id, file, received: 0, written: Promise.resolve() });
    return { uploadId, chunkBytes: UPLOAD_CHUNK_BYTES };
  }

  /** Writes the chunk; chunks come in order, and what was announced is not exceeded. */
  async chunk({ uploadId, offset }: CallParams<'upload.chunk'>, { bytes, connection }: CallContext): Promise<{ received: number }> {
    const upload = this.owned(uploadId, connection);
    if (offset !== upload.received)
      throw new DepthscopeError('import.upload-order', `A part of the file came out of order: ${offset} instead of ${upload.received}.`);
    if (bytes.byteLength > UPLOAD_CHUNK_BYTES || offset + bytes.byteLength > upload.bytes) {
      throw new DepthscopeError('import.upload-size', 'More bytes came than the file was announced with.');
    }
    upload.received += bytes.byteLength;
    const written = upload.written.then(() => writeWhole(upload.file, bytes, offset));
    upload.written = written;
    try {
      await written;
    } catch (cause) {
      await this.remove(uploadId);
      throw new DepthscopeError('import.upload-failed', 'The file could not be stored; check that the disk has room.', { cause });
    }
    return { received: upload.received };
  }

  /** Hands complete uploads over as files; the caller calls `release` when it is done with them. */
  async take(uploadIds: readonly string[], connection: Connection): Promise<{ paths: string[]; release(): Promise<void> }> {
    const uploads = uploadIds.map((uploadId) => this.owned(uploadId, connection));
    for (const upload of uploads) {
      await upload.written;
      if (upload.received !== upload.bytes)
        throw new DepthscopeError(
          'import.upload-incomplete',
          `Only ${upload.received} of ${upload.bytes} bytes arrived; drop the file again.`,
        );
    }
    for (const uploadId of uploadIds) this.uploads.delete(uploadId);
    for (const upload of uploads) await upload.file.close();
    return {
      paths: uploads.map((upload) => upload.path),
      release: async () => {
        for (const upload of uploads) await rm(upload.dir, { recursive: true, force: true });
      },
    };
  }

  async abort(uploadId: string, connection: Connection): Promise<null> {
    this.owned(uploadId, connection);
    await this.remove(uploadId);
    return null;
  }

  /** Gives up the uploads of a screen that is gone. */
  async connectionClosed(connection: Connection): Promise<void> {
    for (const [uploadId, upload] of [...this.uploads]) if (upload.connectionId === connection.id) await this.remove(uploadId);
  }

  async close(): Promise<void> {
    for (const uploadId of [...this.uploads.keys()]) await this.remove(uploadId);
  }

  private owned(uploadId: string, connection: Connection): Upload {
    const upload = this.uploads.get(uploadId);
    if (!upload || upload.connectionId !== connection.id)
      throw new DepthscopeError('import.unknown-upload', 'That upload is not open any more; drop the file again.');
    return upload;
  }

  private async remove(uploadId: string): Promise<void> {
    const upload = this.uploads.get(uploadId);
    if (!upload) return;
    this.uploads.delete(uploadId);
    // Who sent the chunk that failed was told by `chunk`.
    await upload.written.catch(() => undefined);
    await upload.file.close();
    await rm(upload.dir, { recursive: true, force: true });
  }
}

/** Writes all of the bytes: a disk that has room for a part takes that part without an error, and fails at the next write. */
async function writeWhole(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.byteLength; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.byteLength - done, position + done);
    done += bytesWritten;
  }
}

function isRunning(pid: number): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}
