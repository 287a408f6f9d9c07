/** Recognises a raw venue recording by its first bytes. Must not know file names: they lie. */
import { type JournalLine, JournalLines } from './lines.ts';

/**
 * Returns whether the (already decompressed) first bytes of a file are a journal: its first line that is not empty is a control
 * line, or carries a receive time before a JSON object or array. A few hundred bytes are enough.
 */
export function looksLikeJournal(firstBytes: Uint8Array): boolean {
  const lines = new JournalLines();
  lines.push(firstBytes);
  // The cut at the end of the sample must not matter: close its last line.
  lines.push(Uint8Array.of(10));
  lines.end();
  const line: JournalLine | null = lines.next();
  if (line === null) return false;
  if (line.kind === 'control') return true;
  const first = line.bytes[line.start];
  return line.kind === 'message' && (first === 123 || first === 91);
}
