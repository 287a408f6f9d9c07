/**
 * The page's connection to the host: a message port in Electron, a web socket in a browser, tried again with growing
 * pauses after a loss. Must not know what is asked over it.
 */
import { channelFromPort, channelFromSocket, PORT_MESSAGE, RpcClient, SOCKET_PATH, type ByteChannel } from '../../core/rpc/index.ts';

/** The part of RpcClient that the page uses; tests put a made-up host behind it. */
export type HostLink = Pick<RpcClient, 'call' | 'subscribe' | 'onClose'>;

export interface ConnectionListener {
  onConnected(link: HostLink): void;
  /** The host is gone; another attempt follows after `retryMs`. */
  onLost(attempt: number, retryMs: number): void;
}

const RETRY_MS: readonly number[] = [250, 500, 1000, 2000, 4000];

/** Keeps a connection to the host for as long as the page lives. */
export class HostConnection {
  private attempt = 0;
  private timer: number | null = null;
  private readonly listener: ConnectionListener;

  constructor(listener: ConnectionListener) {
    this.listener = listener;
  }

  /** Starts the connection; in Electron it waits for the port that the preload script sends. */
  start(): void {
    window.addEventListener('message', (event: MessageEvent<{ type?: unknown } | null>) => {
      if (event.source !== window || event.data?.type !== PORT_MESSAGE) return;
      const port = event.ports[0];
      if (port) this.use(channelFromPort(port), false);
    });
    const inElectron = navigator.userAgent.includes(' Electron/');
    if (!inElectron) this.openSocket();
  }

  /** Tries at once instead of waiting for the next attempt. */
  retryNow(): void {
    if (this.timer === null) return;
    clearTimeout(this.timer);
    this.timer = null;
    this.openSocket();
  }

  private openSocket(): void {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const socket = new WebSocket(`${scheme}://${location.host}${SOCKET_PATH}`);
    let opened = false;
    socket.addEventListener('open', () => {
      opened = true;
      this.use(channelFromSocket(socket), true);
    });
    socket.addEventListener('close', () => {
      if (!opened) this.lost(true);
    });
  }

  private use(channel: ByteChannel, again: boolean): void {
    this.attempt = 0;
    const client = new RpcClient(channel);
    client.onClose(() => this.lost(again));
    this.listener.onConnected(client);
  }

  private lost(again: boolean): void {
    const retryMs = RETRY_MS[Math.min(this.attempt, RETRY_MS.length - 1)] as number;
    this.attempt++;
    this.listener.onLost(this.attempt, retryMs);
    if (!again) return;
    this.timer = window.setTimeout(() => {
      this.timer = null;
      this.openSocket();
    }, retryMs);
  }
}
