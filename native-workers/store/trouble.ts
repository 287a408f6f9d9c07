/** Turns what the file system and the two databases throw into one sentence for the user. Must not know which call failed. */
import { DepthscopeError } from '../../core/contract/index.ts';

const FULL = /ENOSPC|EDQUOT|No space left|disk is full|disk full|out of disk|max_temp_directory_size|database or disk is full/i;
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
const NO_DATABASE = /SQLITE_(NOTADB|CORRUPT)/;
const NOT_A_FOLDER = /ENOTDIR|EEXIST/;
const FORBIDDEN = /EACCES|EPERM|EROFS|SQLITE_(READONLY|CANTOPEN)/;

/** Returns a DepthscopeError for anything thrown while a data directory was opened. */
export function openTrouble(thrown: unknown, dataDir: string): DepthscopeError {
  const code = thrown instanceof DepthscopeError ? '' : String((thrown as NodeJS.ErrnoException).code);
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
  if (FORBIDDEN.test(code)) {
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
  return storeTrouble(thrown, 'opening the data directory');
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0];
}
