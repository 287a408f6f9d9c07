export * from './export-job.ts';
export * from './import-job.ts';
export * from './job-list.ts';
export * from './pipeline.ts';
export * from './verify-job.ts';
