/** What an import found, in numbers. One object serves the job row, the CLI's `--json` and the manifest. */

/** Counted by decoders and mappers; every loss has a counter here and an event in the stream. */
export interface SourceReport {
  /** For instance `pcap (little-endian, microseconds)`, `pcapng`, `journal`, `synthetic`. */
  container: string;
  /** `TOPS 1.6`, `DEEP 1.0`, `Binance spot` … */
  protocol: string;
  packets: number;
  heartbeats: number;
  messages: number;
  messagesByType: Record<string, number>;
  gaps: number;
  restarts: number;
  duplicates: number;
  /** Bytes of an unfinished record at the end of the input. */
  truncatedBytes: number;
  unparseable: number;
  /** Packets that are not IEX-TP over UDP, and captured shorter than sent. */
  foreignPackets: number;
  /** Messages dropped because an image already contained them. */
  staleDropped: number;
  /** Receive (or event, for IEX) times that stepped back. */
  timeSteps: number;
  /** Messages whose exchange time lies after their receive time: the two clocks disagree. Dropped messages count too. */
  negativeLatencies: number;
}

/** Counted by the book pipeline. */
export interface BookReport {
  trades: number;
  levelUpdates: number;
  unknownLevelRemovals: number;
  unknownOrders: number;
  crossed: number;
  events: number;
  /** Exchange time of the first and last message that carries one, decimal ns; null for an empty input. */
  firstTimeNs: string | null;
  lastTimeNs: string | null;
  /** Receive times likewise: the session's time axis. */
  firstReceiveNs: string | null;
  lastReceiveNs: string | null;
  finalBooksSha256: string | null;
  finalQuotesSha256: string | null;
  /** See docs/recording-format.md: SHA-256 over the digests of the columns of all source rows. */
  stateHash: string;
}

export interface ImportReport extends SourceReport, BookReport {
  session: string;
  seconds: number;
  /** True when the same content was in the catalogue already; nothing was written then. */
  alreadyImported: boolean;
}

/** Returns a report of zeros to count into. */
export function emptySourceReport(): SourceReport {
  return {
    container: '',
    protocol: '',
    packets: 0,
    heartbeats: 0,
    messages: 0,
    messagesByType: {},
    gaps: 0,
    restarts: 0,
    duplicates: 0,
    truncatedBytes: 0,
    unparseable: 0,
    foreignPackets: 0,
    staleDropped: 0,
    timeSteps: 0,
    negativeLatencies: 0,
  };
}

/** A message that could not be read, kept with its bytes. */
export interface DeadLetter {
  reason: string;
  /** Where it lies: byte offset, line number or packet number, in words. */
  where: string;
  /** The raw bytes, cut at 4 kB. */
  bytes: Uint8Array;
  receiveNs: string | null;
}
