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

function firstLine(text: string): string {
  return text.trim().split('\n')[0];
}
