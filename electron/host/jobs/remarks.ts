/** Losses of an import in words, for the job row and the command line. Must not know jobs. */
import type { SourceReport } from '../../../core/model/index.ts';

/** Returns for instance `2 gaps, 1 unreadable message`; empty when nothing was lost. */
export function remarksFrom(report: SourceReport): string {
  const parts: string[] = [];
  const add = (n: number, one: string, many: string): void => {
    if (n > 0) parts.push(`${n.toLocaleString('en-US')} ${n === 1 ? one : many}`);
  };
  add(report.gaps, 'gap', 'gaps');
  add(report.restarts, 'restart', 'restarts');
  add(report.duplicates, 'duplicate', 'duplicates');
  add(report.unparseable, 'unreadable message', 'unreadable messages');
  add(report.truncatedBytes, 'byte cut off at the end', 'bytes cut off at the end');
  add(report.foreignPackets, 'foreign packet', 'foreign packets');
  add(report.staleDropped, 'message older than its snapshot', 'messages older than their snapshot');
  return parts.join(', ');
}
