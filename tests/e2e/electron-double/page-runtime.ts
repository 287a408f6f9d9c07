/**
 * The page's half of the double: gives the preload bundle its `electron`, and carries IPC and port messages over one
 * binding. Runs in Chromium, as text: it may use nothing from outside the function.
 */

/** Installed before every page; `preload` is the source of the preload bundle. */
export function pageRuntime(preload: string): string {
  return `(${runtime.toString()})(function (require, module, exports) {${preload}\n});`;
}

type Wire =
  | { kind: 'ipc'; channel: string; args: unknown[] }
  | { kind: 'port'; id: number; bytes: string }
  | { kind: 'closed'; id: number };

function runtime(preload: (require: (name: string) => unknown, module: { exports: object }, exports: object) => void): void {
  const scope = window as unknown as Record<string, unknown> & { electronDoubleSend(message: Wire): Promise<void> };
  const listeners = new Map<string, ((event: { ports: MessagePort[] }, ...args: unknown[]) => void)[]>();
  const ports = new Map<number, MessagePort>();
  const toText = (bytes: Uint8Array): string => {
    let text = '';
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return btoa(text);
  };
  scope['electronDoubleReceive'] = (channel: string, args: unknown[], portIds: number[]) => {
    const given = portIds.map((id) => {
      const { port1, port2 } = new MessageChannel();
      ports.set(id, port1);
      port1.onmessage = ({ data }) => void scope.electronDoubleSend({ kind: 'port', id, bytes: toText(data as Uint8Array) });
      port1.addEventListener('close', () => void scope.electronDoubleSend({ kind: 'closed', id }));
      return port2;
    });
    for (const listener of listeners.get(channel) ?? []) listener({ ports: given }, ...args);
  };
  scope['electronDoublePort'] = (id: number, text: string) =>
    ports.get(id)?.postMessage(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)));
  scope['electronDoublePortClosed'] = (id: number) => ports.get(id)?.close();
  const electron = {
    ipcRenderer: {
      on: (channel: string, listener: (event: { ports: MessagePort[] }, ...args: unknown[]) => void) => {
        listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
      },
      send: (channel: string, ...args: unknown[]) => void scope.electronDoubleSend({ kind: 'ipc', channel, args }),
    },
    // A test that drops files names their paths in this map, by file name.
    webUtils: { getPathForFile: (file: File) => (scope['electronDoublePaths'] as Record<string, string> | undefined)?.[file.name] ?? '' },
  };
  const module = { exports: {} };
  preload((name) => (name === 'electron' ? electron : undefined), module, module.exports);
}
