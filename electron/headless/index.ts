export { startHeadless, type Headless, type HeadlessOptions } from './headless.ts';
export { browserCommand, openBrowser } from './open-browser.ts';
