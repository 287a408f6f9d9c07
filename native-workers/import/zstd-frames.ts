/**
 * Finds the ends of zstd frames in a compressed stream, cut anywhere: the decompressor reads one frame and silently ignores
 * what follows, while real files hold several. Skippable frames are left out. Must not know what the frames hold.
 */

const FRAME_MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;

/** frame: bytes of the current frame; end: these are its last bytes; junk: no frame begins here. */
export interface FramePart {
  readonly kind: 'frame' | 'end' | 'junk';
  readonly bytes: Uint8Array;
}

type State = 'magic' | 'skipSize' | 'skip' | 'descriptor' | 'header' | 'block' | 'body' | 'checksum' | 'junk';

/** Splits a stream into the frames it holds. */
export class ZstdFrames {
  private state: State = 'magic';
  /** Bytes that the present field still needs. */
  private need = 4;
  private value = 0;
  private shift = 0;
  private lastBlock = false;
  private checksum = false;
  private emitMagic = false;

  /** True when the stream may end here: between frames. */
  get complete(): boolean {
    return this.state === 'magic' && this.need === 4;
  }

  /** Yields the parts that a piece of the stream holds; the parts are views of it. */
  *split(piece: Uint8Array): Generator<FramePart, void, undefined> {
    let from = 0;
    for (let at = 0; at < piece.length; ) {
      if (this.state === 'junk') {
        yield { kind: 'junk', bytes: piece.subarray(at) };
        return;
      }
      if (this.state === 'body' || this.state === 'skip') {
        const taken = Math.min(this.need, piece.length - at);
        at += taken;
        this.need -= taken;
      } else {
        this.value += (piece[at] as number) * 2 ** this.shift;
        this.shift += 8;
        this.need--;
        at++;
      }
      if (this.need > 0) continue;
      const before = this.state;
      const ended = this.advance();
      if (this.emitMagic) {
        this.emitMagic = false;
        yield { kind: 'frame', bytes: Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd) };
        from = at;
      }
      if (ended) {
        yield { kind: 'end', bytes: piece.subarray(from, at) };
        from = at;
      }
      if (before === 'magic' || before === 'skip' || before === 'skipSize') from = at;
    }
    const inFrame =
      this.state === 'descriptor' ||
      this.state === 'header' ||
      this.state === 'block' ||
      this.state === 'body' ||
      this.state === 'checksum';
    if (inFrame && from < piece.length) yield { kind: 'frame', bytes: piece.subarray(from) };
  }

  /** The present field is whole: chooses the next. Returns true when a frame ended with it. */
  private advance(): boolean {
    const value = this.value;
    switch (this.state) {
      case 'magic':
        if (value === FRAME_MAGIC) {
          this.emitMagic = true;
          return this.go('descriptor', 1);
        }
        if ((value & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC) return this.go('skipSize', 4);
        return this.go('junk', 1);
      case 'skipSize':
        return value === 0 ? this.go('magic', 4) : this.go('skip', value);
      case 'skip':
        return this.go('magic', 4);
      case 'descriptor':
        return this.go('header', this.headerBytes(value));
      case 'header':
        return this.go('block', 3);
      case 'block': {
        this.lastBlock = (value & 1) !== 0;
        const size = ((value >>> 1) & 3) === 1 ? 1 : value >>> 3;
        return size > 0 ? this.go('body', size) : this.afterBlock();
      }
      case 'body':
        return this.afterBlock();
      default:
        this.go('magic', 4);
        return true;
    }
  }

  private afterBlock(): boolean {
    if (!this.lastBlock) return this.go('block', 3);
    if (this.checksum) return this.go('checksum', 4);
    this.go('magic', 4);
    return true;
  }

  private headerBytes(descriptor: number): number {
    const single = (descriptor & 0x20) !== 0;
    this.checksum = (descriptor & 0x04) !== 0;
    const dictionary = [0, 1, 2, 4][descriptor & 3] as number;
    const contentSize = [single ? 1 : 0, 2, 4, 8][descriptor >>> 6] as number;
    return (single ? 0 : 1) + dictionary + contentSize;
  }

  private go(state: State, need: number): false {
    this.state = state;
    this.need = need;
    this.value = 0;
    this.shift = 0;
    return false;
  }
}
