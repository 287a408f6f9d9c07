/**
 * One decompressor, driven piece by piece: a piece goes in, everything that comes out of it is handed back. The work runs
 * on the thread pool, so the caller may decode the last piece meanwhile. Must not know files.
 */
import { createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from 'node:zlib';

/** Large output pieces: small ones cost more than the decompression. */
const OUTPUT_BYTES = 4 * 1024 * 1024;
/** Output beyond which a step is interrupted: a small piece of input may become a thousand times as much. */
const MOST_HELD_BYTES = 24 * 1024 * 1024;

export interface Inflated {
  readonly chunks: readonly Uint8Array[];
  /** True when the input holds more than was inflated so far: `more` goes on. */
  readonly more: boolean;
  /** Why the data could not be read any further, null = it could. */
  readonly failure: string | null;
  /** True when the input only ended too early; false when it is damaged. */
  readonly cut: boolean;
}

export class Inflater {
  private readonly stream: Gunzip | ZstdDecompress;
  private chunks: Uint8Array[] = [];
  private held = 0;
  /** The step at hand has consumed its input. */
  private consumed = true;
  private failure: (Error & { code?: string }) | null = null;
  private settle: (() => void) | null = null;
  /** The data is over although more may be written: zeros that fill up a block are passed over, nothing else is. */
  private ended = false;
  private fed = 0;
  private piece: Uint8Array = new Uint8Array(0);

  constructor(kind: 'gzip' | 'zstd') {
    this.stream = kind === 'gzip' ? createGunzip({ chunkSize: OUTPUT_BYTES }) : createZstdDecompress({ chunkSize: OUTPUT_BYTES });
    this.stream.on('data', (chunk: Uint8Array) => this.take(chunk));
    this.stream.on('error', (error: Error) => {
      this.failure ??= error;
      this.settle?.();
    });
    this.stream.on('end', () => {
      this.ended = true;
      this.refuse(this.piece.subarray(this.piece.length - (this.fed - this.stream.bytesWritten)));
      this.finish();
    });
  }

  /** Resolves with what the piece inflates to, or with the first part of it; the piece must stay unchanged until all came. */
  write(piece: Uint8Array): Promise<Inflated> {
    if (this.ended) this.refuse(piece);
    this.piece = piece;
    this.fed += piece.length;
    return this.step(() => this.stream.write(piece, () => this.finish()));
  }

  /** Says that there is no more input. */
  end(): Promise<Inflated> {
    return this.step(() => this.stream.end());
  }

  /** Resolves with the next part of an interrupted step. */
  more(): Promise<Inflated> {
    return new Promise((resolve) => {
      this.wait(resolve);
      if (this.failure !== null || this.consumed) this.settle?.();
      else this.stream.resume();
    });
  }

  close(): void {
    this.stream.destroy();
  }

  private take(chunk: Uint8Array): void {
    this.chunks.push(chunk);
    this.held += chunk.length;
    if (this.held < MOST_HELD_BYTES) return;
    this.stream.pause();
    this.settle?.();
  }

  private refuse(rest: Uint8Array): void {
    if (rest.some((byte) => byte !== 0)) this.failure ??= new Error('something else follows its end');
  }

  private finish(): void {
    this.consumed = true;
    this.settle?.();
  }

  private step(start: () => void): Promise<Inflated> {
    return new Promise((resolve) => {
      this.wait(resolve);
      if (this.failure !== null || this.ended) {
        this.settle?.();
        return;
      }
      this.consumed = false;
      start();
    });
  }

  private wait(resolve: (inflated: Inflated) => void): void {
    this.settle = () => {
      this.settle = null;
      const { chunks, failure } = this;
      this.chunks = [];
      this.held = 0;
      if (this.consumed) this.stream.resume();
      resolve({
        chunks,
        more: failure === null && !this.consumed,
        failure: failure?.message ?? null,
        cut: failure?.code === 'Z_BUF_ERROR' || /unexpected end/.test(failure?.message ?? ''),
      });
    };
  }
}
