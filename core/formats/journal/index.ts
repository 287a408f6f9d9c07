export { type JournalLine, JournalLines } from './lines.ts';
export { JournalMerger } from './merger.ts';
export { looksLikeJournal } from './sniff.ts';
