/**
 * Who may talk to the headless server: a one-time token in the printed address is exchanged for a session cookie; later
 * requests need the cookie, the right Host and, on the socket, the right Origin. Must not know what is served.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const SECRET_BYTES = 32;

export class Access {
  private readonly port: number;
  private readonly cookieName: string;
  private readonly cookie = secret();
  private token: string | null = secret();

  constructor(port: number) {
    this.port = port;
    // Cookies know no ports: two servers on one machine must not overwrite each other's.
    this.cookieName = `depthscope-${port}`;
  }

  /** The address to open, with the token while it is unused. */
  get url(): string {
    return `${this.origin}/${this.token === null ? '' : `?token=${this.token}`}`;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get socketOrigin(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  /** Returns the Set-Cookie value for the right token and voids the token; null for any other. */
  exchange(token: string | null): string | null {
    if (token === null || this.token === null || !equal(token, this.token)) return null;
    this.token = null;
    return `${this.cookieName}=${this.cookie}; HttpOnly; SameSite=Strict; Path=/`;
  }

  /** False when the request names another host: a page elsewhere made the browser ask us (DNS rebinding). */
  hostAllowed(request: IncomingMessage): boolean {
    return request.headers.host === `127.0.0.1:${this.port}`;
  }

  /** True when the request comes from our own page, by its Origin header. */
  originAllowed(request: IncomingMessage): boolean {
    return request.headers.origin === this.origin;
  }

  hasCookie(request: IncomingMessage): boolean {
    const cookies = (request.headers.cookie ?? '').split(';').map((each) => each.trim());
    return cookies.some((each) => each.startsWith(`${this.cookieName}=`) && equal(each.slice(this.cookieName.length + 1), this.cookie));
  }
}

function secret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

function equal(left: string, right: string): boolean {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}
