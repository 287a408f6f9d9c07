/** The three transports, each as a function that gives fresh connections to one RpcServer. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket } from 'ws';
import {
  channelFromPort,
  channelFromSocket,
  memoryChannelPair,
  RpcServer,
  SOCKET_PATH,
  type ByteChannel,
  type HostHandlers,
} from '../../core/rpc/index.ts';
import { Access } from '../../electron/headless/access.ts';
import { serveSockets } from '../../electron/headless/socket-transport.ts';

export interface TestTransport {
  readonly server: RpcServer;
  connect(): Promise<ByteChannel>;
  close(): Promise<void>;
}

export const TRANSPORTS: Readonly<Record<string, (handlers: HostHandlers) => Promise<TestTransport>>> = {
  memory: async (handlers) => {
    const server = new RpcServer(handlers);
    return {
      server,
      connect: async () => {
        const [here, there] = memoryChannelPair();
        server.attach(there, 'electron');
        return here;
      },
      close: async () => server.close(),
    };
  },
  'message port': async (handlers) => {
    const server = new RpcServer(handlers);
    return {
      server,
      connect: async () => {
        const { port1, port2 } = new MessageChannel();
        server.attach(channelFromPort(port1), 'electron');
        return channelFromPort(port2);
      },
      close: async () => server.close(),
    };
  },
  WebSocket: async (handlers) => {
    const { server, access, end } = await startSocketServer(handlers);
    const token = new URL(access.url).searchParams.get('token');
    const cookie = (access.exchange(token) as string).split(';')[0];
    return { server, connect: () => openSocket(access, cookie), close: end };
  },
};

/** Returns a socket server on a free port, with its access rules. */
export async function startSocketServer(handlers: HostHandlers): Promise<{ server: RpcServer; access: Access; end(): Promise<void> }> {
  const http = createServer();
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const access = new Access((http.address() as AddressInfo).port);
  const server = new RpcServer(handlers);
  const endSockets = serveSockets(http, access, server);
  const end = async (): Promise<void> => {
    server.close();
    await endSockets();
    await new Promise<void>((resolve) => http.close(() => resolve()));
  };
  return { server, access, end };
}

function openSocket(access: Access, cookie: string): Promise<ByteChannel> {
  const socket = new WebSocket(`${access.socketOrigin}${SOCKET_PATH}`, { origin: access.origin, headers: { cookie } });
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve(channelFromSocket(socket)));
    socket.on('error', reject);
  });
}
