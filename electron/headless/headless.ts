/**
 * The workstation without Electron: a host, a loopback HTTP server with the built renderer, and the WebSocket transport.
 * Must not know the command line or how a browser is opened.
 */
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DepthscopeError } from '../../core/contract/index.ts';
import { RpcServer } from '../../core/rpc/index.ts';
import { builtRendererDir, createHost, type Host } from '../host/index.ts';
import { Access } from './access.ts';
import { servePage } from './page-server.ts';
import { serveSockets } from './socket-transport.ts';

export interface HeadlessOptions {
  readonly dataDir: string;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Where the built renderer lies; absent: where `npm run build` puts it. */
  readonly rendererDir?: string;
  readonly noSample?: boolean;
  onTrouble?(error: unknown): void;
}

export interface Headless {
  /** The address to open, with its one-time token until that was used. */
  readonly url: string;
  readonly host: Host;
  readonly rpc: RpcServer;
  close(): Promise<void>;
}

/** Starts the server on 127.0.0.1 and resolves when it answers; rejects, in words, when it cannot start. */
export async function startHeadless(options: HeadlessOptions): Promise<Headless> {
  const rendererDir = options.rendererDir ?? builtRendererDir();
  if (!existsSync(join(rendererDir, 'index.html'))) {
    throw new DepthscopeError('view.not-built', 'The screen is not built yet; run `npm run build` first.', { context: { rendererDir } });
  }
  const http = createServer();
  const port = await listen(http, options.port ?? 0);
  try {
    const { noSample = false, dataDir } = options;
    const host = await createHost({ dataDir, noSample, onTrouble: (error) => options.onTrouble?.(error) });
    return serve({ http, port, host, rendererDir, onTrouble: (error) => options.onTrouble?.(error) });
  } catch (thrown) {
    http.close();
    throw thrown;
  }
}

function serve(context: { http: Server; port: number; host: Host; rendererDir: string; onTrouble(error: unknown): void }): Headless {
  const { http, port, host, rendererDir, onTrouble } = context;
  const access = new Access(port);
  const rpc = new RpcServer(host.handlers);
  http.on('request', (request, response) => {
    servePage(request, response, { access, rendererDir }).catch((thrown: unknown) => {
      onTrouble(thrown);
      response.destroy();
    });
  });
  const endSockets = serveSockets(http, access, rpc);
  return {
    get url() {
      return access.url;
    },
    host,
    rpc,
    close: async () => {
      rpc.close();
      await endSockets();
      http.closeAllConnections();
      await new Promise<void>((resolve) => http.close(() => resolve()));
      await host.close();
    },
  };
}

function listen(http: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'EADDRINUSE' ? 'it is in use' : cause.message;
      reject(
        new DepthscopeError('contract.no-port', `Port ${port} of this machine cannot be served: ${why}; choose another with --port.`, {
          cause,
        }),
      );
    });
    http.listen(port, '127.0.0.1', () => resolve((http.address() as AddressInfo).port));
  });
}
