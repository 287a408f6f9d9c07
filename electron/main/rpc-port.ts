/**
 * The Electron transport: gives each loaded page one end of a message channel and serves the other. Must not know calls.
 */
import { MessageChannelMain, type MessagePortMain, type WebContents } from 'electron';
import type { ByteChannel, RpcServer } from '../../core/rpc/index.ts';
import { PORT_CHANNEL } from './channels.ts';

/** Hands a port to the page whenever it was loaded; a reload closes the old port with the old page. */
export function servePage(contents: WebContents, rpc: RpcServer): void {
  contents.on('did-finish-load', () => {
    const { port1, port2 } = new MessageChannelMain();
    rpc.attach(channelFromMainPort(port1), 'electron');
    contents.postMessage(PORT_CHANNEL, null, [port2]);
  });
}

/** Returns a channel over a port of the main process. Messages that are not bytes close it. */
function channelFromMainPort(port: MessagePortMain): ByteChannel {
  return {
    send: (bytes) => port.postMessage(bytes),
    onMessage: (listener) => {
      port.on('message', ({ data }) => {
        if (data instanceof Uint8Array) listener(data);
        else port.close();
      });
      port.start();
    },
    onClose: (listener) => {
      port.once('close', listener);
    },
    close: () => port.close(),
  };
}
