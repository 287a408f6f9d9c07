/** Turns what the file system and the two databases throw into one sentence for the user. Must not know which call failed. */
import { DepthscopeError } from '../../core/contract/index.ts';

const FULL =
  /ENOSPC|EDQUOT|No space left|disk is full|disk full|out of disk|max_temp_directory_size|database or disk is full|SQLITE_FULL|SQLITE_IOERR_SHMSIZE/i;
const WRITE_FAILED = /EIO|EROFS|EFBIG|Could not write|could not fsync|IO Error|disk I\/O error/i;

/** Returns a DepthscopeError for anything thrown while `doing` (words, such as `writing the recording`). */
export function storeTrouble(thrown: unknown, doing: string): DepthscopeError {
  if (thrown instanceof DepthscopeError) return thrown;
  const text = thrown instanceof Error ? `${(thrown as NodeJS.ErrnoException).code ?? ''} ${thrown.message}` : String(thrown);
  if (FULL.test(text)) {
    return new DepthscopeError(
      'store.disk-full',
      `The disk is full: ${doing} stopped and what it had written was removed; free some space and try again.`,
      {
        cause: thrown,
        retryable: true,
      },
    );
  }
  if (WRITE_FAILED.test(text)) {
    return new DepthscopeError('store.write-failed', `The disk refused a read or write while ${doing}: ${firstLine(text)}`, {
      cause: thrown,
      retryable: true,
    });
  }
  return new DepthscopeError('store.failed', `Something failed while ${doing}: ${firstLine(text)}`, { cause: thrown });
}

const BUSY = /SQLITE_(BUSY|LOCKED)/;
/** SQLITE_ERROR: a statement of ours does not fit the file, for instance because a table is gone. */
const NO_DATABASE = /SQLITE_(NOTADB|CORRUPT|ERROR)/;
const NOT_A_FOLDER = /ENOTDIR|EEXIST/;
const FORBIDDEN = /EACCES|EPERM|EROFS|SQLITE_(READONLY|CANTOPEN)/;

/** Returns a DepthscopeError for anything thrown while a data directory was opened, or its session list used. */
export function openTrouble(thrown: unknown, dataDir: string): DepthscopeError {
  const { code: raised, syscall } = thrown as NodeJS.ErrnoException;
  const code = thrown instanceof DepthscopeError ? '' : String(raised);
  const trouble = storeTrouble(thrown, 'opening the data directory');
  if (trouble.wire.code === 'store.disk-full') {
    return new DepthscopeError(
      'store.disk-full',
      `The disk of ${dataDir} is full, and its session list cannot be used; free some space and try again: every recording is kept.`,
      { cause: thrown, retryable: true },
    );
  }
  if (NO_DATABASE.test(code)) {
    return new DepthscopeError(
      'store.damaged-catalogue',
      `The session list of ${dataDir} is damaged; move its files catalogue.sqlite* away and start again: the recordings in sessions are listed anew.`,
      { cause: thrown },
    );
  }
  if (NOT_A_FOLDER.test(code)) {
    return new DepthscopeError(
      'store.bad-data-dir',
      `${dataDir} cannot hold recordings, because a file is where a folder must be; choose another.`,
      {
        cause: thrown,
      },
    );
  }
  // Node says ENOENT when a folder cannot be made with its parents on a read-only disk.
  if (FORBIDDEN.test(code) || (code === 'ENOENT' && syscall === 'mkdir')) {
    return new DepthscopeError('store.read-only', `${dataDir} cannot be written; allow it, or choose another data directory.`, {
      cause: thrown,
    });
  }
  if (BUSY.test(code)) {
    return new DepthscopeError('store.busy', `The session list of ${dataDir} is held by another program; close it and try again.`, {
      cause: thrown,
      retryable: true,
    });
  }
  return trouble;
}

/** Returns what was thrown, in words when it came from the session list. */
export function catalogueTrouble(thrown: unknown, dataDir: string): unknown {
  return String((thrown as NodeJS.ErrnoException).code).startsWith('SQLITE_') ? openTrouble(thrown, dataDir) : thrown;
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0];
}
