/** Trouble with files and sources as sentences for the user. Must not know decoders. */
import { DepthscopeError } from '../../core/contract/index.ts';

/** Returns the error for a file that could not be opened or read. */
export function fileError(path: string, thrown: unknown): DepthscopeError {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  const context = { path };
  if (code === 'ENOENT') return new DepthscopeError('import.file-missing', `There is no file "${path}".`, { context, cause: thrown });
  if (code === 'EISDIR') return directoryError(path);
  if (code === 'EACCES' || code === 'EPERM') {
    return new DepthscopeError('import.file-unreadable', `"${path}" may not be read: check its permissions.`, { context, cause: thrown });
  }
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return new DepthscopeError('import.file-unreadable', `"${path}" could not be read: ${detail}.`, { context, cause: thrown });
}

export function directoryError(path: string): DepthscopeError {
  return new DepthscopeError('import.file-is-directory', `"${path}" is a folder: give the files in it.`, { context: { path } });
}

export function emptyFileError(path: string): DepthscopeError {
  return new DepthscopeError('format.empty-file', `"${path}" is empty: there is nothing to import.`, { context: { path } });
}

export function damagedError(path: string, reason: string): DepthscopeError {
  return new DepthscopeError('format.damaged', `Nothing in "${path}" could be read: ${reason}.`, { context: { path } });
}

export function unknownFormatError(path: string): DepthscopeError {
  return new DepthscopeError(
    'format.not-a-capture',
    `"${path}" is neither an IEX capture (pcap or pcapng, also gzip or zstd) nor a venue recording (one "<receive ns> <JSON>" a line, also gzip or zstd).`,
    { context: { path } },
  );
}

export function venueMissingError(path: string): DepthscopeError {
  return new DepthscopeError(
    'format.venue-needed',
    `"${path}" is a venue recording: say of which venue with --venue binance, binance-usdm or binance-coinm.`,
    { context: { path } },
  );
}

export function mixedFormatsError(first: string, other: string): DepthscopeError {
  return new DepthscopeError('format.mixed-files', `"${first}" and "${other}" are of different formats: import them one by one.`);
}

export function cancelledError(): DepthscopeError {
  return new DepthscopeError('import.cancelled', 'The import was cancelled; nothing was kept.');
}
