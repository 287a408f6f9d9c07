/**
 * The `app:` protocol: serves the built renderer with the same files and headers as the headless server. Must not know
 * windows.
 */
import { protocol } from 'electron';
import { readRendererFile, securityHeaders } from '../host/index.ts';
import { APP_SCHEME, PAGE_ORIGIN } from './channels.ts';

/** Makes the scheme a proper web origin; before the app is ready. */
export function declareAppProtocol(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, corsEnabled: true } },
  ]);
}

/** Serves the scheme from the folder; after the app is ready. */
export function serveAppProtocol(rendererDir: string): void {
  protocol.handle(APP_SCHEME, async (request) => {
    const { protocol: scheme, host, pathname } = new URL(request.url);
    const file = `${scheme}//${host}` === PAGE_ORIGIN ? await readRendererFile(rendererDir, pathname, null) : null;
    if (!file) return new Response('There is no such file.', { status: 404, headers: securityHeaders('/', null) });
    return new Response(file.body, { headers: file.headers });
  });
}
