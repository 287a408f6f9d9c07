export { App } from './app.tsx';
export { Workstation } from './workstation.ts';
