/**
 * The built renderer as it is served, by Electron's protocol and by the headless server alike: which files exist, their
 * types, and the security headers that go with each. Must not know who asks.
 */
import { readFile } from 'node:fs/promises';
import { extname, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

export interface ServedFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Returns the folder of the built renderer: `dist/renderer`, seen from the sources or from a bundle in `dist/<name>/`.
 */
export function builtRendererDir(from: string = import.meta.url): string {
  return fileURLToPath(new URL(from.endsWith('.ts') ? '../../dist/renderer' : '../renderer', from));
}

/** Returns the file that a URL path names, null when there is none; `/` is the page. Nothing outside the folder is reachable. */
export async function readRendererFile(rendererDir: string, urlPath: string, socketOrigin: string | null): Promise<ServedFile | null> {
  const relative = decoded(urlPath);
  if (relative === null || relative.includes('\0')) return null;
  const root = resolve(rendererDir);
  const path = resolve(root, `.${relative === '/' ? '/index.html' : relative}`);
  const type = TYPES[extname(path)];
  if (!path.startsWith(root + sep) || type === undefined) return null;
  try {
    return {
      body: new Uint8Array(await readFile(path)),
      headers: { 'Content-Type': type, ...securityHeaders(relative, socketOrigin), ...cacheHeaders(relative) },
    };
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return null;
    throw thrown;
  }
}

/**
 * Returns the security headers of a path. The page may run only its own scripts and never text as code; the drawing
 * worker, a thread without DOM or cookies, may, because regl builds its draw functions from strings.
 */
export function securityHeaders(urlPath: string, socketOrigin: string | null): Record<string, string> {
  const policy = urlPath.includes('gl-worker') ? WORKER_POLICY : pagePolicy(socketOrigin);
  return {
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), payment=()',
  };
}

const WORKER_POLICY = "default-src 'none'; script-src 'self' 'unsafe-eval'; connect-src 'self'";

function pagePolicy(socketOrigin: string | null): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src 'self'${socketOrigin === null ? '' : ` ${socketOrigin}`}`,
    "worker-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Files in assets/ carry a hash of their content in their names; everything else is asked for anew. */
function cacheHeaders(urlPath: string): Record<string, string> {
  return { 'Cache-Control': urlPath.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-store' };
}

function decoded(urlPath: string): string | null {
  try {
    return decodeURIComponent(urlPath);
  } catch {
    return null;
  }
}
