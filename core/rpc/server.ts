/**
 * RpcServer: attaches screens to one set of handlers. Must not know transports: those hand it ByteChannels.
 */
import type { ByteChannel } from './channel.ts';
import type { Connection, HostHandlers } from './handlers.ts';
import { ServerConnection, type ConnectionCounters } from './server-connection.ts';

export class RpcServer {
  /** malformed: connections closed for bytes that are no message; rejected: requests answered by an error. */
  readonly counters: ConnectionCounters = { malformed: 0, rejected: 0 };
  private readonly handlers: HostHandlers;
  private readonly connections = new Set<ServerConnection>();
  private nextConnectionId = 1;

  constructor(handlers: HostHandlers) {
    this.handlers = handlers;
  }

  /** Serves the channel until it closes. */
  attach(channel: ByteChannel, shell: Connection['shell']): void {
    const served = new ServerConnection(channel, {
      handlers: this.handlers,
      connection: { id: this.nextConnectionId++, shell },
      counters: this.counters,
    });
    this.connections.add(served);
    channel.onClose(() => this.connections.delete(served));
  }

  /** Screens attached now. */
  get attached(): number {
    return this.connections.size;
  }

  /** Ends every connection. */
  close(): void {
    for (const served of [...this.connections]) served.close();
  }
}
