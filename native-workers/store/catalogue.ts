/** The SQLite catalogue: the session list, dead letters and settings. Every write is one transaction. Must not know Parquet. */
import Database from 'better-sqlite3';
import type { DeadLetter, Manifest, SessionSummary } from '../../core/model/index.ts';
import { migrateCatalogue } from './migrations.ts';

/** Dead letters kept of one session; what goes beyond is only counted by the report. */
const LETTERS_KEPT = 10_000;
const LETTER_BYTES_KEPT = 16 * 1024 * 1024;
const LETTER_CUT = 4096;

interface SessionRow {
  session_id: string;
  title: string;
  venue: string;
  protocol: string;
  synthetic: number;
  instruments: number;
  events: number;
  trades: number;
  level_updates: number;
  gaps: number;
  bytes: number;
  first_receive_ns: string | null;
  last_receive_ns: string | null;
  created_at: string;
  verified: number | null;
}

/** One open catalogue. */
export class Catalogue {
  private readonly db: Database.Database;
  private readonly kept = new Map<string, { letters: number; bytes: number }>();

  /** Opens or makes the file and brings its schema up to date. */
  constructor(path: string) {
    this.db = new Database(path);
    try {
      this.db.pragma('journal_mode = WAL');
      this.db.pragma('synchronous = FULL');
      this.db.pragma('busy_timeout = 10000');
      migrateCatalogue(this.db);
    } catch (thrown) {
      this.db.close();
      throw thrown;
    }
  }

  close(): void {
    this.db.close();
  }

  /** Runs `work` while no other process can list or remove a session. */
  exclusively<T>(work: () => T): T {
    return this.db.transaction(work).immediate();
  }

  /** Newest first. */
  list(): SessionSummary[] {
    return (this.db.prepare('SELECT * FROM session ORDER BY created_at DESC, session_id').all() as SessionRow[]).map(summaryOf);
  }

  find(sessionId: string): SessionSummary | null {
    const row = this.db.prepare('SELECT * FROM session WHERE session_id = ?').get(sessionId) as SessionRow | undefined;
    return row ? summaryOf(row) : null;
  }

  /** Lists a sealed session and gives it the dead letters of its staging, in one transaction. */
  add(manifest: Manifest, bytes: number, stagingId: string | null): SessionSummary {
    const { report } = manifest;
    this.db.transaction(() => {
      // What was listed under this id before was damaged, and its recording has given way to this one.
      if (stagingId !== null) this.remove(manifest.sessionId);
      this.db
        .prepare(
          `INSERT OR IGNORE INTO session VALUES (@session_id, @title, @venue, @protocol, @synthetic, @instruments, @events, @trades,
           @level_updates, @gaps, @bytes, @first_receive_ns, @last_receive_ns, @created_at, NULL)`,
        )
        .run({
          session_id: manifest.sessionId,
          title: manifest.title,
          venue: manifest.venue,
          protocol: report.protocol,
          synthetic: manifest.synthetic ? 1 : 0,
          instruments: manifest.instruments.length,
          events: report.events,
          trades: report.trades,
          level_updates: report.levelUpdates,
          gaps: report.gaps,
          bytes,
          first_receive_ns: report.firstReceiveNs,
          last_receive_ns: report.lastReceiveNs,
          created_at: manifest.createdAt,
        });
      if (stagingId !== null) {
        this.db.prepare('UPDATE dead_letter SET owner = ?, sealed = 1 WHERE owner = ? AND sealed = 0').run(manifest.sessionId, stagingId);
      }
    })();
    if (stagingId !== null) this.kept.delete(stagingId);
    return this.find(manifest.sessionId) as SessionSummary;
  }

  remove(sessionId: string): void {
    this.db.transaction(() => {
      this.db.prepare('DELETE FROM session WHERE session_id = ?').run(sessionId);
      this.db.prepare('DELETE FROM dead_letter WHERE owner = ? AND sealed = 1').run(sessionId);
    })();
  }

  setVerified(sessionId: string, verified: boolean): boolean {
    return this.db.prepare('UPDATE session SET verified = ? WHERE session_id = ?').run(verified ? 1 : 0, sessionId).changes === 1;
  }

  /** Keeps an unreadable message of a session that is being recorded, within the bounds above. */
  addDeadLetter(stagingId: string, letter: DeadLetter): void {
    const kept = this.kept.get(stagingId) ?? { letters: 0, bytes: 0 };
    this.kept.set(stagingId, kept);
    const bytes = letter.bytes.subarray(0, LETTER_CUT);
    if (kept.letters >= LETTERS_KEPT || kept.bytes + bytes.length > LETTER_BYTES_KEPT) return;
    kept.letters++;
    kept.bytes += bytes.length;
    this.db
      .prepare('INSERT INTO dead_letter (owner, sealed, reason, place, receive_ns, bytes) VALUES (?, 0, ?, ?, ?, ?)')
      .run(stagingId, letter.reason, letter.where, letter.receiveNs, Buffer.from(bytes));
  }

  /** Forgets the letters of a staging that will not be sealed. */
  dropDeadLetters(stagingId: string): void {
    this.kept.delete(stagingId);
    this.db.prepare('DELETE FROM dead_letter WHERE owner = ? AND sealed = 0').run(stagingId);
  }

  /** Returns the bytes of all listed recordings on disk. */
  recordedBytes(): number {
    return (this.db.prepare('SELECT coalesce(sum(bytes), 0) AS bytes FROM session').get() as { bytes: number }).bytes;
  }

  deadLetterCount(): number {
    return (this.db.prepare('SELECT count(*) AS n FROM dead_letter').get() as { n: number }).n;
  }

  setting(key: string): string | null {
    const row = this.db.prepare('SELECT value FROM setting WHERE key = ?').get(key) as { value: string } | undefined;
    return row?.value ?? null;
  }

  setSetting(key: string, value: string): void {
    this.db.prepare('INSERT INTO setting VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value').run(key, value);
  }
}

function summaryOf(row: SessionRow): SessionSummary {
  return {
    sessionId: row.session_id,
    title: row.title,
    venue: row.venue,
    protocol: row.protocol,
    synthetic: row.synthetic === 1,
    instruments: row.instruments,
    events: row.events,
    trades: row.trades,
    levelUpdates: row.level_updates,
    gaps: row.gaps,
    bytes: row.bytes,
    firstReceiveNs: row.first_receive_ns,
    lastReceiveNs: row.last_receive_ns,
    createdAt: row.created_at,
    verified: row.verified === null ? null : row.verified === 1,
  };
}
