/** Who gets in to the headless server: token, cookie, Host, Origin; and what the served files carry. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { RpcServer, SOCKET_PATH } from '../../core/rpc/index.ts';
import { Access } from '../../electron/headless/access.ts';
import { servePage } from '../../electron/headless/page-server.ts';
import { serveSockets } from '../../electron/headless/socket-transport.ts';
import { StubHost } from './stub-host.ts';

let rendererDir: string;
let http: Server;
let access: Access;
let port: number;
const rpc = new RpcServer(new StubHost().handlers);

beforeAll(async () => {
  rendererDir = mkdtempSync(join(tmpdir(), 'depthscope-page-'));
  mkdirSync(join(rendererDir, 'assets'));
  writeFileSync(join(rendererDir, 'index.html'), '<!doctype html><title>page</title>');
  writeFileSync(join(rendererDir, 'assets', 'main-1.js'), '1;');
  writeFileSync(join(rendererDir, 'assets', 'gl-worker-1.js'), '2;');
  writeFileSync(join(rendererDir, 'secret'), 'no type');
  http = createServer();
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  port = (http.address() as AddressInfo).port;
  http.on('request', (incoming, response) => void servePage(incoming, response, { access, rendererDir }));
});
beforeEach(() => {
  access = new Access(port);
  http.removeAllListeners('upgrade');
  serveSockets(http, access, rpc);
});
afterAll(() => {
  http.closeAllConnections();
  http.close();
  rmSync(rendererDir, { recursive: true });
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, headers, method }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text: Buffer.concat(parts).toString() }));
    });
    sent.on('error', reject);
    sent.end();
  });
}

async function cookieByToken(): Promise<string> {
  const { headers } = await get(access.url.slice(access.origin.length));
  return (headers['set-cookie']?.[0] ?? '').split(';')[0];
}

function socketStatus(headers: Record<string, string>, path: string = SOCKET_PATH): Promise<number> {
  const socket = new WebSocket(`${access.socketOrigin}${path}`, { headers });
  return new Promise((resolve) => {
    socket.on('open', () => {
      socket.close();
      resolve(101);
    });
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      socket.terminate();
    });
    socket.on('error', () => undefined);
  });
}

describe('the page', () => {
  it('is served after the token was exchanged for a cookie, once', async () => {
    const tokenPath = access.url.slice(access.origin.length);
    const exchanged = await get(tokenPath);
    expect([exchanged.status, exchanged.headers.location]).toEqual([303, '/']);
    expect(exchanged.headers['set-cookie']?.[0]).toMatch(/^depthscope-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/);
    const cookie = String(exchanged.headers['set-cookie']?.[0]).split(';')[0];
    expect((await get('/', { cookie })).text).toContain('<title>page');
    const again = await get(tokenPath);
    expect([again.status, again.headers['set-cookie']]).toEqual([403, undefined]);
    expect((await get(tokenPath, { cookie })).status).toBe(303);
    expect(access.url).toBe(`${access.origin}/`);
  });

  it('is refused without the cookie, with a wrong one and with a wrong token', async () => {
    expect((await get('/')).status).toBe(401);
    expect((await get('/assets/main-1.js')).status).toBe(401);
    expect((await get('/', { cookie: `depthscope-${port}=wrong` })).status).toBe(401);
    expect((await get('/?token=wrong')).status).toBe(403);
    expect((await get(`/?token=${'x'.repeat(43)}`)).status).toBe(403);
    expect((await get(access.url.slice(access.origin.length))).status).toBe(303);
  });

  it('is refused to another host name and to other methods', async () => {
    const cookie = await cookieByToken();
    expect((await get('/', { cookie, host: `evil.example:${port}` })).status).toBe(421);
    expect((await get('/', { cookie, host: '127.0.0.1' })).status).toBe(421);
    expect((await get('/', { cookie }, 'POST')).status).toBe(405);
  });

  it('gives nothing outside its folder and nothing of an unknown type', async () => {
    const cookie = await cookieByToken();
    for (const path of [
      '/../package.json',
      '/..%2f..%2fetc%2fpasswd',
      '/%2e%2e/x.js',
      '/assets',
      '/secret',
      '/none.js',
      '/%zz',
      '/a%00.js',
    ]) {
      expect([path, (await get(path, { cookie })).status]).toEqual([path, 404]);
    }
  });

  it('forbids text as code on the page and allows it only in the drawing worker', async () => {
    const cookie = await cookieByToken();
    const page = (await get('/', { cookie })).headers;
    const policy = String(page['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`connect-src 'self' ${access.socketOrigin}`);
    expect(policy).not.toContain('unsafe');
    expect(page).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'content-type': 'text/html; charset=utf-8',
    });
    const script = (await get('/assets/main-1.js', { cookie })).headers;
    expect(script['content-security-policy']).not.toContain('unsafe');
    expect(script['content-type']).toBe('text/javascript; charset=utf-8');
    const worker = (await get('/assets/gl-worker-1.js', { cookie })).headers;
    expect(worker['content-security-policy']).toContain("script-src 'self' 'unsafe-eval'");
  });
});

describe('the socket', () => {
  it('opens for our own page with the cookie, in several tabs', async () => {
    const cookie = await cookieByToken();
    expect(await socketStatus({ cookie, origin: access.origin })).toBe(101);
    expect(await socketStatus({ cookie, origin: access.origin })).toBe(101);
  });

  it('is refused without the cookie, to another origin, to none, to another host and on another path', async () => {
    const cookie = await cookieByToken();
    expect(await socketStatus({ origin: access.origin })).toBe(401);
    expect(await socketStatus({ cookie: `depthscope-${port}=wrong`, origin: access.origin })).toBe(401);
    expect(await socketStatus({ cookie, origin: 'http://evil.example' })).toBe(403);
    expect(await socketStatus({ cookie, origin: `http://localhost:${port}` })).toBe(403);
    expect(await socketStatus({ cookie })).toBe(403);
    expect(await socketStatus({ cookie, origin: access.origin, host: `evil.example:${port}` })).toBe(421);
    expect(await socketStatus({ cookie, origin: access.origin }, '/other')).toBe(404);
  });

  it('outlives a peer that resets the connection while it is refused', async () => {
    const upgraded = new Promise<Duplex>((resolve) => http.once('upgrade', (_request, socket: Duplex) => resolve(socket)));
    const answered = socketStatus({ origin: 'http://evil.example' });
    const socket = await upgraded;
    expect(() => socket.emit('error', new Error('read ECONNRESET'))).not.toThrow();
    await answered.catch(() => null);
    expect((await get('/')).status).toBe(401);
  });
});
