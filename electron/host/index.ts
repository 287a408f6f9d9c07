export { defaultDataDir } from './data-dir.ts';
export { createHost, type Host, type HostOptions } from './host.ts';
export type { ExportResult, ImportResult, RunningJob, VerifyResult, VerifySource } from './jobs/index.ts';
export { builtRendererDir, readRendererFile, securityHeaders, type ServedFile } from './renderer-files.ts';
export { VERSION } from './version.ts';
export type { ImportReport, InstrumentActivity, Manifest, SessionSummary } from '../../core/model/index.ts';
export { isoFromNs, nsFromText } from '../../core/units/index.ts';
