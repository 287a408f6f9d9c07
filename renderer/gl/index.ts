export { HeatSurface, type HeatSurfaceListener } from './heat-surface.ts';
export type { HeatUniforms, SurfaceCounters } from './messages.ts';
