/**
 * What container readers hand on: one packet at a time in a reused record, and how a container says what it needs.
 * Must not know link layers or feeds.
 */
import { TimeWords } from './time-words.ts';

/** Largest packet or block that is ever kept in memory, bytes; a larger one is taken for a damaged length. */
export const MAX_RECORD_BYTES = 1 << 20;

/**
 * The packet at hand. Valid only during the callback: `view` lies on the caller's chunk or on the carry buffer.
 * @units time: ns since the epoch in two u32 words
 */
export class PacketRecord {
  view: DataView = new DataView(new ArrayBuffer(0));
  offset = 0;
  captured = 0;
  original = 0;
  linkType = 1;
  /** 1-based number of the packet within all captures of the stream. */
  number = 0;
  readonly time: TimeWords = new TimeWords();
}

export type PacketHandler = (packet: PacketRecord) => void;

/** Records of a little-endian pcap of Ethernet frames, one after the other: [start, end) of `view`. Reused. */
export class RecordRun {
  view: DataView = new DataView(new ArrayBuffer(0));
  /** Where a record header begins; a reader moves it to where it stopped. */
  start = 0;
  end = 0;
  /** Nanoseconds that one unit of a time's fraction stands for. */
  nanosPerFraction = 1;
  /** Number of the last packet read. */
  number = 0;
}

/** Reads as many records as it is sure of, none is right too, and says in `run` how far it came. */
export type RunHandler = (run: RecordRun) => void;

/** Where a container's packets go. */
export interface PacketSink {
  readonly onPacket: PacketHandler;
  readonly onRun: RunHandler;
}

/**
 * One container format. `parse` reads whole records from [start, end) of `view` and returns where it stopped; then `need`
 * says how many bytes from there the next record takes (at least), or `skip` how many bytes may be dropped unseen.
 */
export interface Container {
  /** In words, for the report. */
  readonly name: string;
  readonly need: number;
  readonly skip: number;
  /** Bytes of the block being skipped that were passed over so far. */
  readonly partial: number;
  /** Non-empty when the bytes stopped making sense; nothing can be read from there on. */
  readonly damage: string;
  parse(view: DataView, start: number, end: number): number;
  /** Says that `bytes` of `skip` went by. */
  passed(bytes: number): void;
}
