/** Answers the replay bar and the event list: how many events fell into each bin of time, and what happened in words. */
import type { ActivityStrip, SessionEvent } from '../../core/contract/index.ts';
import { ALL_INSTRUMENTS, EventFlag, type Manifest } from '../../core/model/index.ts';
import { SOURCE_STREAMS } from './columns.ts';
import { smallRows } from './duck.ts';
import { eventText, type EventFacts } from './event-text.ts';
import { parquetOf, type Reader } from './reader.ts';

/** Returns events per bin over the session's time axis; counted once per session, instrument and number of bins. */
export async function readActivity(reader: Reader, sessionId: string, instrumentId: number | null, bins: number): Promise<ActivityStrip> {
  const manifest = reader.manifest(sessionId);
  const { firstReceiveNs, lastReceiveNs } = manifest.report;
  const fromNs = BigInt(firstReceiveNs ?? '0');
  const toNs = BigInt(lastReceiveNs ?? '0');
  const bands = manifest.bands.filter((band) => instrumentId === null || band.instrumentId === null || band.instrumentId === instrumentId);
  const counts = await reader.cached(sessionId, `activity ${instrumentId} ${bins}`, async () => {
    const filled = new Array<number>(bins).fill(0);
    const files = reader.files(sessionId, SOURCE_STREAMS, reader.chunks(sessionId));
    if (files.length === 0) return filled;
    const widthNs = (toNs - fromNs) / BigInt(bins) + 1n;
    const only = instrumentId === null ? '' : `AND instrument = ${instrumentId}`;
    const rows = await reader.with((connection) =>
      smallRows(
        connection,
        `SELECT ((epoch_ns(receive_time) - ${fromNs}) // ${widthNs})::INTEGER AS bin, count(*)::DOUBLE FROM ${parquetOf(files)}
         WHERE flags & ${EventFlag.derived} = 0 ${only} GROUP BY bin`,
      ),
    );
    for (const [bin, count] of rows) filled[Math.min(bins - 1, Math.max(0, bin as number))] += count as number;
    return filled;
  });
  return { fromNs: fromNs.toString(), toNs: toNs.toString(), counts, bands };
}

/** Returns the last `limit` rows of the event stream in words, newest last; of one instrument also those of the whole session. */
export async function readEvents(reader: Reader, sessionId: string, instrumentId: number | null, limit: number): Promise<SessionEvent[]> {
  const manifest = reader.manifest(sessionId);
  const files = reader.files(sessionId, ['event'], reader.chunks(sessionId));
  if (files.length === 0) return [];
  const only = instrumentId === null ? '' : `WHERE instrument IN (${instrumentId}, ${ALL_INSTRUMENTS})`;
  const rows = await reader.with((connection) =>
    smallRows(
      connection,
      `SELECT ordinal::DOUBLE, kind, side, code, instrument, price::VARCHAR, size::VARCHAR, epoch_ns(receive_time)::VARCHAR, sequence::DOUBLE, ref::DOUBLE
       FROM ${parquetOf(files)} ${only} ORDER BY ordinal DESC LIMIT ${limit}`,
    ),
  );
  return rows.reverse().map((row) => sessionEvent(manifest, row));
}

function sessionEvent(manifest: Manifest, row: unknown[]): SessionEvent {
  const [ordinal, kind, side, code, instrument, price, size, timeNs, sequence, ref] = row as [
    number,
    number,
    number,
    number,
    number,
    string,
    string,
    string,
    number,
    number,
  ];
  const known = instrument === ALL_INSTRUMENTS ? null : (manifest.instruments.find((one) => one.id === instrument) ?? null);
  const facts: EventFacts = {
    kind,
    side,
    code,
    price: trimmed(price),
    size: trimmed(size),
    sequence,
    ref,
    instrument: known,
    sizeStored: size,
  };
  const { name, text } = eventText(facts);
  return { ordinal, timeNs, instrumentId: known?.id ?? null, kind: name, text };
}

/** Returns decimal text without trailing zeros. */
function trimmed(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
