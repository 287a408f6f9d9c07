export * from './depth-reader.ts';
export * from './heat-builder.ts';
export * from './heat-sampler.ts';
export * from './price-grid.ts';
export * from './suggest-window.ts';
export * from './time-rows.ts';
export * from './trade-dots.ts';
