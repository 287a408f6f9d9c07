/**
 * Answers HTTP requests: exchanges the token, serves the built renderer to who has the cookie, refuses the rest in words.
 * Must not know RPC.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readRendererFile, securityHeaders } from '../host/index.ts';
import type { Access } from './access.ts';

const NO_ACCESS =
  'This address needs the token that Depthscope printed when it started. Open the printed address, or start Depthscope again for a new one.\n';

/** Answers one request. */
export async function servePage(
  request: IncomingMessage,
  response: ServerResponse,
  context: { access: Access; rendererDir: string },
): Promise<void> {
  const { access, rendererDir } = context;
  const refuse = (status: number, text: string): void => {
    response
      .writeHead(status, { ...securityHeaders('/', null), 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' })
      .end(text);
  };
  if (!access.hostAllowed(request)) return refuse(421, 'Unknown host.\n');
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'Only GET is served here.\n');
  const url = URL.parse(request.url ?? '/', access.origin);
  if (!url) return refuse(400, 'The address does not parse.\n');
  const token = url.pathname === '/' ? url.searchParams.get('token') : null;
  if (token !== null) {
    const cookie = access.exchange(token);
    if (cookie === null && !access.hasCookie(request)) return refuse(403, NO_ACCESS);
    const headers = { ...securityHeaders('/', null), Location: '/', 'Cache-Control': 'no-store' };
    response.writeHead(303, cookie === null ? headers : { ...headers, 'Set-Cookie': cookie }).end();
    return undefined;
  }
  if (!access.hasCookie(request)) return refuse(401, NO_ACCESS);
  const file = await readRendererFile(rendererDir, url.pathname, access.socketOrigin);
  if (!file) return refuse(404, 'There is no such file.\n');
  response.writeHead(200, { ...file.headers, 'Content-Length': file.body.byteLength });
  response.end(request.method === 'HEAD' ? undefined : file.body);
  return undefined;
}
