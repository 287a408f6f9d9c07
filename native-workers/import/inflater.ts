/**
 * One decompressor, driven piece by piece: a piece goes in, everything that comes out of it is handed back. The work runs
 * on the thread pool, so the caller may decode the last piece meanwhile. Must not know files.
 */
import { createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from 'node:zlib';

/** Large output pieces: small ones cost more than the decompression. */
const OUTPUT_BYTES = 4 * 1024 * 1024;

export interface Inflated {
  readonly chunks: readonly Uint8Array[];
  /** Why the data could not be read any further, null = it could. */
  readonly failure: string | null;
  /** True when the input only ended too early; false when it is damaged. */
  readonly cut: boolean;
}

export class Inflater {
  private readonly stream: Gunzip | ZstdDecompress;
  private chunks: Uint8Array[] = [];
  private failure: (Error & { code?: string }) | null = null;
  private settle: (() => void) | null = null;

  constructor(kind: 'gzip' | 'zstd') {
    this.stream = kind === 'gzip' ? createGunzip({ chunkSize: OUTPUT_BYTES }) : createZstdDecompress({ chunkSize: OUTPUT_BYTES });
    this.stream.on('data', (chunk: Uint8Array) => this.chunks.push(chunk));
    this.stream.on('error', (error: Error) => {
      this.failure ??= error;
      this.settle?.();
    });
    this.stream.on('end', () => this.settle?.());
  }

  /** Resolves with what the piece inflates to; the piece must stay unchanged until then. */
  write(piece: Uint8Array): Promise<Inflated> {
    return this.step((done) => this.stream.write(piece, done));
  }

  /** Says that there is no more input. */
  end(): Promise<Inflated> {
    return this.step(() => this.stream.end());
  }

  close(): void {
    this.stream.destroy();
  }

  private step(start: (done: () => void) => void): Promise<Inflated> {
    return new Promise((resolve) => {
      const settle = (): void => {
        if (this.settle !== settle) return;
        this.settle = null;
        const chunks = this.chunks;
        this.chunks = [];
        const code = this.failure?.code ?? '';
        resolve({
          chunks,
          failure: this.failure?.message ?? null,
          cut: code === 'Z_BUF_ERROR' || /unexpected end/.test(this.failure?.message ?? ''),
        });
      };
      this.settle = settle;
      if (this.failure !== null) settle();
      else start(settle);
    });
  }
}
