/**
 * Reads what is needed to draw one instrument over a stretch of receive time: the book image before it and every row
 * after that image, in ordinal order. Must not know books or pictures.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import { ALL_INSTRUMENTS, EVENT_COLUMN_NAMES, EventBatch, EventFlag, EventKind } from '../../core/model/index.ts';
import type { StoreCalls, TimelineResolution } from '../protocol/index.ts';
import { Factors, SOURCE_STREAMS } from './columns.ts';
import { smallRows } from './duck.ts';
import { LODS } from './lod.ts';
import { parquetOf, STORED_LIST, type Reader } from './reader.ts';
import { StoredRows } from './rows.ts';
import { splitBase } from './words.ts';

type TimelineArgs = StoreCalls['read.timeline']['args'];
type Timeline = StoreCalls['read.timeline']['result'];

/** Rows of the first result batch and of the largest: most instruments of a large session have few rows. */
const FIRST_BATCH_ROWS = 2048;
const BATCH_ROWS = 65_536;

interface Image {
  readonly ordinal: number;
  readonly receiveNs: bigint;
  readonly chunk: number;
}

/** Returns image and rows as EventBatch buffers; their base is the start of the stretch. */
export function readTimeline(reader: Reader, args: TimelineArgs): Promise<Timeline> {
  const { sessionId, instrumentId } = args;
  const fromNs = BigInt(args.fromNs);
  const toNs = BigInt(args.toNs);
  return reader.with(async (connection) => {
    const factors = await reader.cached(sessionId, 'factors', async () => new Factors(reader.manifest(sessionId).instruments));
    const images = await reader.cached(sessionId, `images ${instrumentId}`, () => imagesOf(reader, connection, sessionId, instrumentId));
    const image = images.findLast((one) => one.receiveNs <= fromNs);
    const imageRead = image
      ? reader.with((other) => readBatches(other, imageQuery(reader, sessionId, instrumentId, image), fromNs, factors))
      : Promise.resolve([]);
    const query = await rowsQuery(reader, connection, args, { fromOrdinal: image?.ordinal ?? -1, toNs });
    const [before, rows] = await Promise.all([imageRead, query === null ? [] : readBatches(connection, query, fromNs, factors)]);
    return {
      keyframeNs: image?.receiveNs.toString() ?? null,
      keyframeOrdinal: image?.ordinal ?? -1,
      before: before.length > 0 ? joined(before).buffer : null,
      rows: rows.map((batch) => batch.buffer),
    };
  });
}

/** Returns where the instrument's book images are, in time order. */
async function imagesOf(reader: Reader, connection: DuckDBConnection, sessionId: string, instrumentId: number): Promise<Image[]> {
  const files = reader.files(sessionId, ['keyframe'], reader.chunks(sessionId));
  if (files.length === 0) return [];
  const rows = await smallRows(
    connection,
    `SELECT ordinal::DOUBLE, epoch_ns(receive_time) FROM ${parquetOf(files)} WHERE instrument = ${instrumentId} AND kind = ${EventKind.snapshotBegin} ORDER BY ordinal`,
  );
  const { chunks } = reader.manifest(sessionId);
  return rows.map(([ordinal, receiveNs]) => {
    const chunk = Math.max(
      0,
      chunks.findLastIndex((one) => one.firstOrdinal <= (ordinal as number)),
    );
    return { ordinal: ordinal as number, receiveNs: receiveNs as bigint, chunk };
  });
}

function imageQuery(reader: Reader, sessionId: string, instrumentId: number, image: Image): string {
  const [file] = reader.files(sessionId, ['keyframe'], [image.chunk]);
  // The rows of an image share one ordinal: only their place in the file tells their order.
  const source = `read_parquet('${file.replaceAll("'", "''")}', hive_partitioning = false, file_row_number = true)`;
  return `SELECT ${STORED_LIST} FROM ${source} WHERE instrument = ${instrumentId} AND ordinal = ${image.ordinal} ORDER BY file_row_number`;
}

async function rowsQuery(
  reader: Reader,
  connection: DuckDBConnection,
  args: TimelineArgs,
  range: { fromOrdinal: number; toNs: bigint },
): Promise<string | null> {
  const { sessionId, instrumentId } = args;
  const manifest = reader.manifest(sessionId);
  const chunks = manifest.chunks.flatMap((chunk, index) =>
    chunk.firstOrdinal + chunk.rows > range.fromOrdinal + 1 && BigInt(chunk.firstReceiveNs) <= range.toNs ? [index] : [],
  );
  const until =
    manifest.report.timeSteps === 0
      ? `receive_time <= make_timestamp_ns(${range.toNs})`
      : `ordinal < ${await ordinalAfter(reader, connection, sessionId, range.toNs)}`;
  const where = `instrument IN (${instrumentId}, ${ALL_INSTRUMENTS}) AND ordinal > ${range.fromOrdinal} AND ${until} AND flags & ${EventFlag.derived} = 0`;
  const lod = lodFor(reader, sessionId, args.resolution);
  const all = reader.files(sessionId, lod === null ? SOURCE_STREAMS : thinnedStreams(reader, args), chunks);
  if (all.length === 0) return null;
  const exact = `SELECT ${STORED_LIST} FROM ${parquetOf(all)} WHERE ${where}`;
  if (lod === null) return `${exact} ORDER BY ordinal`;
  const thin = reader.files(sessionId, [lod], chunks);
  const levels = thin.length === 0 ? '' : `UNION ALL SELECT ${STORED_LIST} FROM ${parquetOf(thin)} WHERE ${where}`;
  return `SELECT * FROM (${exact} AND kind <> ${EventKind.level} ${levels}) ORDER BY ordinal`;
}

/** Returns the streams read beside thinned levels: the quotes of an instrument whose book is of levels tell nothing of that book. */
function thinnedStreams(reader: Reader, { sessionId, instrumentId }: TimelineArgs): readonly string[] {
  const instrument = reader.manifest(sessionId).instruments.find((one) => one.id === instrumentId);
  return instrument?.bookKind === 'levels' ? SOURCE_STREAMS.filter((stream) => stream !== 'quote') : SOURCE_STREAMS;
}

/** Returns the thinned stream to use: the asked one, else the next finer that exists, null = raw. */
function lodFor(reader: Reader, sessionId: string, resolution: TimelineResolution): string | null {
  const { streams } = reader.manifest(sessionId);
  const upTo = LODS.findIndex((lod) => lod.name === resolution);
  return (
    LODS.slice(0, upTo + 1)
      .map((lod) => `lod_${lod.name}`)
      .findLast((name) => streams[name] !== undefined) ?? null
  );
}

/** Returns the first ordinal later than a time on the session's axis, which never steps back where receive times do. */
async function ordinalAfter(reader: Reader, connection: DuckDBConnection, sessionId: string, toNs: bigint): Promise<number> {
  const { chunks } = reader.manifest(sessionId);
  const index = chunks.findIndex((chunk) => BigInt(chunk.lastReceiveNs) > toNs);
  if (index < 0) return Number.MAX_SAFE_INTEGER;
  const files = reader.files(sessionId, SOURCE_STREAMS, [index]);
  const [[ordinal]] = await smallRows(
    connection,
    `SELECT min(ordinal)::DOUBLE FROM ${parquetOf(files)} WHERE receive_time > make_timestamp_ns(${toNs}) AND flags & ${EventFlag.derived} = 0`,
  );
  return ordinal as number;
}

async function readBatches(connection: DuckDBConnection, sql: string, baseNs: bigint, factors: Factors): Promise<EventBatch[]> {
  const base = splitBase(baseNs);
  const batches: EventBatch[] = [];
  const result = await connection.run(sql);
  let batch: EventBatch | null = null;
  let at = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    const stored = new StoredRows(chunk);
    for (let row = 0; row < stored.rows; row++) {
      if (batch === null || at === batch.capacity) {
        if (batch !== null) batch.rows = at;
        batch = EventBatch.allocate(batch === null ? FIRST_BATCH_ROWS : BATCH_ROWS, baseNs);
        batches.push(batch);
        at = 0;
      }
      // A time further than 104 days from the stretch is drawn nowhere: its last bits may be rounded here.
      stored.put(row, at++, { batch, base, factors });
    }
  }
  if (batch !== null) {
    batch.rows = at;
    batches[batches.length - 1] = joined([batch]);
  }
  return batches;
}

/** Returns one batch that has room for its rows and no more: what is kept is then as large as it says. */
function joined(batches: readonly EventBatch[]): EventBatch {
  if (batches.length === 1 && batches[0].rows === batches[0].capacity) return batches[0];
  const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
  const whole = EventBatch.allocate(rows, batches[0].baseNs);
  let at = 0;
  for (const batch of batches) {
    for (const name of EVENT_COLUMN_NAMES) {
      whole[name].set(batch[name].subarray(0, batch.rows), at);
    }
    at += batch.rows;
  }
  whole.rows = rows;
  return whole;
}
