/** Door of the store worker: other code starts worker.ts as a thread and talks StoreCalls to it. */
export { StoreService } from './service.ts';
