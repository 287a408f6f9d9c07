/**
 * The content of a file with its compression peeled off, chosen by magic and never by name; damage ends the content, it is
 * never thrown. Must not know what the content is.
 */
import { Inflater, type Inflated } from './inflater.ts';
import { RawFile } from './raw-file.ts';
import { ZstdFrames } from './zstd-frames.ts';

/** Bytes of content that are enough to recognise it. */
const HEAD_BYTES = 4096;
/** Compression inside compression is peeled, but not without end. */
const MAX_LAYERS = 3;

type Pieces = AsyncGenerator<Uint8Array, void, undefined>;

/** What went wrong with a file's content, filled in while it is read. */
export interface ContentDamage {
  reason: string;
  /** Bytes of the file that were not turned into content. */
  lostBytes: number;
}

export interface Content {
  /** The first bytes, for recognising the format; `pieces` begins with them. */
  readonly head: Uint8Array;
  /** Each piece is valid until the next is asked for. */
  readonly pieces: Pieces;
  readonly damage: ContentDamage;
}

/** Opens the content of a file. */
export async function openContent(file: RawFile): Promise<Content> {
  const damage: ContentDamage = { reason: '', lostBytes: 0 };
  let peeked = await peek(readFailures(file, damage));
  for (let layer = 0; layer < MAX_LAYERS; layer++) {
    const kind = compressionOf(peeked.head);
    if (kind === null) break;
    const from = peeked.pieces;
    peeked = await peek(kind === 'gzip' ? gunzip(from, file, damage, layer === 0) : unzstd(from, file, damage));
  }
  return { ...peeked, damage };
}

/** Returns how bytes are compressed by their first four. */
export function compressionOf(head: Uint8Array): 'gzip' | 'zstd' | null {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  const magic = head.length < 4 ? 0 : new DataView(head.buffer, head.byteOffset, 4).getUint32(0, true);
  return magic === 0xfd2fb528 || (magic & 0xfffffff0) >>> 0 === 0x184d2a50 ? 'zstd' : null;
}

async function* readFailures(file: RawFile, damage: ContentDamage): Pieces {
  yield* file.pieces();
  if (file.failure !== '' && damage.reason === '') {
    damage.reason = file.failure;
    damage.lostBytes = Math.max(0, file.size - file.done);
  }
}

/** Reads ahead until there is enough to recognise the content. */
async function peek(pieces: Pieces): Promise<{ head: Uint8Array; pieces: Pieces }> {
  const first: Uint8Array[] = [];
  let bytes = 0;
  while (bytes < HEAD_BYTES) {
    const next = await pieces.next();
    if (next.done === true) break;
    // A copy: the piece's buffer is used again while more is read ahead.
    first.push(next.value.slice());
    bytes += next.value.length;
  }
  const head = new Uint8Array(bytes);
  let at = 0;
  for (const one of first) {
    head.set(one, at);
    at += one.length;
  }
  return { head, pieces: chain(head, pieces) };
}

async function* chain(head: Uint8Array, rest: Pieces): Pieces {
  if (head.length > 0) yield head;
  yield* rest;
}

/**
 * Inflates gzip, all members. The next piece is inflated on the thread pool while the consumer works on the last.
 * @param direct whether `from` are the file's own bytes: then a damaged piece can be read again, byte by byte
 */
async function* gunzip(from: Pieces, file: RawFile, damage: ContentDamage, direct: boolean): Pieces {
  const inflater = new Inflater('gzip');
  let running: Promise<Inflated> | null = null;
  /** Bytes of `from` before the piece that is being inflated, and bytes of content handed on. */
  let fed = 0;
  let given = 0;
  let length = 0;
  try {
    for (let ended = false; !ended; ) {
      const next = await from.next();
      ended = next.done === true;
      let done: Inflated | null = running === null ? null : await running;
      while (done?.more === true) {
        for (const chunk of done.chunks) {
          given += chunk.length;
          yield chunk;
          release(chunk);
        }
        done = await inflater.more();
      }
      const failed = done !== null && done.failure !== null;
      const unread = next.done === true ? 0 : next.value.length;
      if (next.done !== true && !failed) running = inflater.write(next.value);
      for (const chunk of done?.chunks ?? []) {
        given += chunk.length;
        yield chunk;
        release(chunk);
      }
      if (done !== null && failed) {
        if (direct && !done.cut) yield* salvage(file.path, fed, given);
        note(damage, { kind: 'gzip', file, unread, inflated: done });
        return;
      }
      fed += length;
      length = unread;
    }
    let end = await inflater.end();
    yield* end.chunks;
    while (end.more) {
      end = await inflater.more();
      yield* end.chunks;
    }
    if (end.failure !== null) note(damage, { kind: 'gzip', file, unread: 0, inflated: end });
  } finally {
    inflater.close();
  }
}

/**
 * Frees the decompressor's buffer once its last part was used: waiting for the garbage collector costs a hundred megabytes at
 * full speed.
 */
function release(chunk: Uint8Array): void {
  const { buffer } = chunk;
  if (buffer instanceof ArrayBuffer && chunk.byteOffset + chunk.length === buffer.byteLength) buffer.transfer(0);
}

/**
 * Yields what the damaged piece of a gzip still holds: the decompressor throws its last output away when it fails, so the file
 * is inflated again, first to find the part of the piece at `pieceStart` that fails, then into that part byte by byte. The
 * `given` bytes known already are left out.
 */
async function* salvage(path: string, pieceStart: number, given: number): Pieces {
  let partStart = pieceStart;
  for await (const { at } of inflateAgain(path, (from) => (from < pieceStart ? PIECE : PART_BYTES))) partStart = at;
  let seen = 0;
  const step = (from: number): number => (from < pieceStart ? PIECE : from < partStart ? PART_BYTES : 1);
  for await (const { chunk } of inflateAgain(path, step)) {
    const fresh = chunk.subarray(Math.max(0, given - seen));
    seen += chunk.length;
    if (fresh.length > 0) yield fresh;
  }
}

/** Bytes of a damaged piece that are tried at once. */
const PART_BYTES = 4096;
/** To the end of the piece. */
const PIECE = Number.POSITIVE_INFINITY;

/**
 * Inflates a gzip in steps until it fails; each step yields its output, an empty one at least, and where its input began.
 * @param stepAt how many bytes to feed at once from an offset of the file on
 */
async function* inflateAgain(path: string, stepAt: (at: number) => number): AsyncGenerator<{ at: number; chunk: Uint8Array }> {
  const file = await RawFile.open(path);
  const inflater = new Inflater('gzip');
  try {
    let at = 0;
    for await (const piece of file.pieces()) {
      for (let from = 0; from < piece.length; ) {
        const bytes = Math.min(piece.length - from, stepAt(at));
        yield { at, chunk: new Uint8Array(0) };
        let done = await inflater.write(piece.subarray(from, from + bytes));
        for (const chunk of done.chunks) yield { at, chunk };
        while (done.more) {
          done = await inflater.more();
          for (const chunk of done.chunks) yield { at, chunk };
        }
        if (done.failure !== null) return;
        from += bytes;
        at += bytes;
      }
    }
  } finally {
    inflater.close();
    await file.close();
  }
}

/** Inflates zstd, all frames. */
async function* unzstd(from: Pieces, file: RawFile, damage: ContentDamage): Pieces {
  const frames = new ZstdFrames();
  let inflater: Inflater | null = null;
  try {
    for await (const piece of from) {
      for (const part of frames.split(piece)) {
        if (part.kind === 'junk') {
          note(damage, { kind: 'zstd', file, unread: part.bytes.length, inflated: null });
          return;
        }
        inflater ??= new Inflater('zstd');
        let done = await inflater.write(part.bytes);
        yield* done.chunks;
        while (done.more) {
          done = await inflater.more();
          yield* done.chunks;
        }
        if (part.kind === 'end' && done.failure === null) {
          done = await inflater.end();
          yield* done.chunks;
          while (done.more) {
            done = await inflater.more();
            yield* done.chunks;
          }
          inflater.close();
          inflater = null;
        }
        if (done.failure !== null) {
          note(damage, { kind: 'zstd', file, unread: part.bytes.length, inflated: done });
          return;
        }
      }
    }
    if (!frames.complete) note(damage, { kind: 'zstd', file, unread: 0, inflated: null });
  } finally {
    inflater?.close();
  }
}

function note(damage: ContentDamage, found: { kind: string; file: RawFile; unread: number; inflated: Inflated | null }): void {
  if (damage.reason !== '') return;
  const { kind, file, unread, inflated } = found;
  const lost = Math.max(0, file.size - file.done) + unread;
  if (lost === 0 && (inflated === null || inflated.cut)) {
    damage.reason = `the ${kind} data ends too early`;
    return;
  }
  damage.reason = `the ${kind} data is damaged near byte ${file.done - unread}: ${inflated?.failure ?? 'no frame begins there'}`;
  damage.lostBytes = Math.max(1, lost);
}
