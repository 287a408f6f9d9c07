export { createViewHandlers, type ViewCalls, type ViewEventSender } from './handlers.ts';
