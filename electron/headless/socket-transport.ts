/**
 * The WebSocket transport: upgrades checked requests and attaches each socket to the RPC server. Must not know calls.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { channelFromSocket, MAX_MESSAGE_BYTES, SOCKET_PATH, type RpcServer } from '../../core/rpc/index.ts';
import type { Access } from './access.ts';

/** Serves RPC on the HTTP server's upgrades; returns the function that ends every socket. */
export function serveSockets(http: Server, access: Access, rpc: RpcServer): () => Promise<void> {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A peer that resets before it has its answer is gone: that concerns nobody else, least of all this process.
    socket.on('error', () => socket.destroy());
    const status = refusal(request, access);
    if (status !== null) {
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      // ws closes the socket itself after an error such as an oversized message; the close reaches the channel.
      client.on('error', () => rpc.counters.malformed++);
      rpc.attach(channelFromSocket(client), 'browser');
    });
  });
  return () =>
    new Promise((resolve) => {
      for (const client of sockets.clients) client.terminate();
      sockets.close(() => resolve());
    });
}

function refusal(request: IncomingMessage, access: Access): string | null {
  if (!access.hostAllowed(request)) return '421 Misdirected Request';
  if (!access.originAllowed(request)) return '403 Forbidden';
  if (!access.hasCookie(request)) return '401 Unauthorized';
  return request.url === SOCKET_PATH ? null : '404 Not Found';
}
