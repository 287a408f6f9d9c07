export { type JournalLine, type JournalLineKind, JournalLines, MAX_LINE_BYTES } from './lines.ts';
export { JournalMerger, type MergeStep } from './merger.ts';
export { looksLikeJournal } from './sniff.ts';
