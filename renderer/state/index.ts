export * from './actions.ts';
export * from './catalogue.ts';
export * from './connection.ts';
export * from './live.ts';
export * from './settings.ts';
export * from './ui.ts';
export * from './view.ts';
