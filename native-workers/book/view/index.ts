export { createViewHandlers, type ViewCalls, type ViewEventSender, type ViewOptions } from './handlers.ts';
export { TimelineCache } from './timeline-cache.ts';
export type { ViewClock } from './view-clock.ts';
