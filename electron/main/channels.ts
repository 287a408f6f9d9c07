/**
 * Names and addresses that main shares with the preload script, which may import nothing and repeats them; the test that
 * runs both together fails when they differ.
 */

/** Main → preload, with one message port for the page. */
export const PORT_CHANNEL = 'depthscope:port';
/** Preload → main, with the paths of dropped files. */
export const DROP_CHANNEL = 'depthscope:dropped';

export const APP_SCHEME = 'app';
export const PAGE_ORIGIN = 'app://depthscope';
export const PAGE_URL = `${PAGE_ORIGIN}/`;
