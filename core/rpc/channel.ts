/**
 * ByteChannel: the one thing that a transport must offer, with adapters for message ports and web sockets, described by
 * the few members they need so that core stays free of DOM and Node. Must not know what the bytes mean.
 */

/** A two-way pipe of whole messages. One message listener, any number of close listeners; a late one is called at once. */
export interface ByteChannel {
  send(bytes: Uint8Array): void;
  onMessage(listener: (bytes: Uint8Array) => void): void;
  /** Called once, when either end closed or the connection broke. */
  onClose(listener: () => void): void;
  close(): void;
}

/**
 * `type` of the window message that hands the page its port in Electron: the page listens to `message`, checks
 * `event.source === window && event.data?.type === PORT_MESSAGE` and takes `event.ports[0]`.
 */
export const PORT_MESSAGE = 'depthscope-port';
export type PortMessageType = typeof PORT_MESSAGE;

/** Path of the WebSocket on the origin that serves the page. */
export const SOCKET_PATH = '/rpc';

/** What a browser's MessagePort and Node's have in common. */
export interface PortLike {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: () => void): void;
  start(): void;
  close(): void;
}

/** Returns a channel over a message port and starts the port. Messages that are not bytes close it. */
export function channelFromPort(port: PortLike): ByteChannel {
  const closed = once();
  return {
    send: (bytes) => port.postMessage(bytes),
    onMessage: (listener) => {
      port.addEventListener('message', (event) => {
        if (event.data instanceof Uint8Array) listener(event.data);
        else port.close();
      });
      port.start();
    },
    onClose: (listener) => {
      closed.listen(listener);
      port.addEventListener('close', closed.fire);
    },
    close: () => {
      port.close();
      closed.fire();
    },
  };
}

/** What a browser's WebSocket and that of the `ws` package have in common. */
export interface SocketLike {
  binaryType: string;
  send(bytes: Uint8Array<ArrayBuffer>): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: () => void): void;
  close(): void;
}

/** Returns a channel over an open web socket. A text message closes it. */
export function channelFromSocket(socket: SocketLike): ByteChannel {
  socket.binaryType = 'arraybuffer';
  const closed = once();
  return {
    send: (bytes) => socket.send(bytes as Uint8Array<ArrayBuffer>),
    onMessage: (listener) => {
      socket.addEventListener('message', (event) => {
        if (event.data instanceof ArrayBuffer) listener(new Uint8Array(event.data));
        else socket.close();
      });
    },
    onClose: (listener) => {
      closed.listen(listener);
      socket.addEventListener('close', closed.fire);
    },
    close: () => socket.close(),
  };
}

/** Returns the two ends of a channel in one memory. Messages are copied and arrive later, as over any other transport. */
export function memoryChannelPair(): [ByteChannel, ByteChannel] {
  const left = new MemoryChannel();
  const right = new MemoryChannel();
  left.peer = right;
  right.peer = left;
  return [left, right];
}

class MemoryChannel implements ByteChannel {
  peer: MemoryChannel | null = null;
  private listener: ((bytes: Uint8Array) => void) | null = null;
  private readonly closed = once();
  private early: Uint8Array[] = [];

  send(bytes: Uint8Array): void {
    const copy = new Uint8Array(bytes);
    void Promise.resolve().then(() => this.peer?.receive(copy));
  }

  onMessage(listener: (bytes: Uint8Array) => void): void {
    this.listener = listener;
    for (const bytes of this.early.splice(0)) listener(bytes);
  }

  onClose(listener: () => void): void {
    this.closed.listen(listener);
  }

  close(): void {
    const peer = this.peer;
    this.drop();
    void Promise.resolve().then(() => peer?.drop());
  }

  private receive(bytes: Uint8Array): void {
    if (!this.listener) this.early.push(bytes);
    else if (this.peer) this.listener(bytes);
  }

  private drop(): void {
    this.peer = null;
    this.closed.fire();
  }
}

/** A thing that happens at most once; a listener that comes late is called at once. */
function once(): { fire(): void; listen(listener: () => void): void } {
  let fired = false;
  const listeners: (() => void)[] = [];
  return {
    fire: () => {
      if (fired) return;
      fired = true;
      for (const listener of listeners.splice(0)) listener();
    },
    listen: (listener) => {
      if (fired) listener();
      else listeners.push(listener);
    },
  };
}
