/**
 * The bytes of one file as they lie on disk, in order, hashed while they pass. Must not know compression or formats.
 */
import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import type { SourceFile } from '../../core/model/index.ts';
import { directoryError, emptyFileError, fileError } from './failures.ts';

/** Bytes read at a time: a few milliseconds of decompression, so that waking threads costs little beside it. */
const READ_BYTES = 1024 * 1024;
/** A piece must live until the one after the next is read: it may be in the decompressor while another is read ahead. */
const BUFFERS = 4;

export class RawFile {
  readonly path: string;
  /** Size when it was opened. */
  readonly size: number;
  /** Bytes read so far. */
  done = 0;
  /** Why reading stopped before the end, in words; empty = it did not. */
  failure = '';
  private readonly handle: FileHandle;
  private readonly hash = createHash('sha256');

  private constructor(path: string, size: number, handle: FileHandle) {
    this.path = path;
    this.size = size;
    this.handle = handle;
  }

  /** Opens a file for reading. Rejects with one clear error when it is missing, unreadable, a folder or empty. */
  static async open(path: string): Promise<RawFile> {
    let handle: FileHandle | null = null;
    try {
      handle = await open(path, 'r');
      const stat = await handle.stat();
      if (stat.isDirectory()) throw directoryError(path);
      if (stat.isFile() && stat.size === 0) throw emptyFileError(path);
      return new RawFile(path, stat.size, handle);
    } catch (thrown) {
      await handle?.close();
      throw thrown instanceof Error && thrown.name === 'DepthscopeError' ? thrown : fileError(path, thrown);
    }
  }

  /**
   * Yields the file piece by piece; a piece is valid until the third after it. What was read before a read error is kept:
   * the error ends the file and is told in `failure`.
   */
  async *pieces(): AsyncGenerator<Uint8Array, void, undefined> {
    const buffers = Array.from({ length: BUFFERS }, () => new Uint8Array(READ_BYTES));
    for (let turn = 0; ; turn = (turn + 1) % BUFFERS) {
      const buffer = buffers[turn] as Uint8Array;
      let bytesRead = 0;
      try {
        ({ bytesRead } = await this.handle.read(buffer, 0, READ_BYTES, null));
      } catch (thrown) {
        this.failure = `the file could not be read any further: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
        return;
      }
      if (bytesRead === 0) return;
      const piece = buffer.subarray(0, bytesRead);
      this.hash.update(piece);
      this.done += bytesRead;
      yield piece;
    }
  }

  /** Returns name, size and digest of the file; what was not read yet is hashed now. Once. */
  async finish(): Promise<SourceFile> {
    for await (const piece of this.pieces()) void piece;
    await this.close();
    return { name: basename(this.path), bytes: this.done, sha256: this.hash.digest('hex') };
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}
