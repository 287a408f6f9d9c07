/**
 * Opens an address in the user's browser where there is a display. Must not wait for it or fail because of it.
 */
import { spawn } from 'node:child_process';

/** Returns the command that opens an address, null where there is no display to open it on. */
export function browserCommand(
  url: string,
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): [string, string[]] | null {
  if (platform === 'darwin') return ['open', [url]];
  if (platform === 'win32') return ['rundll32', ['url.dll,FileProtocolHandler', url]];
  return env['DISPLAY'] || env['WAYLAND_DISPLAY'] ? ['xdg-open', [url]] : null;
}

/** Opens the address; calls `failed` when the system's opener cannot be started. */
export function openBrowser(url: string, failed: (reason: string) => void): void {
  const command = browserCommand(url);
  if (!command) return;
  const [program, args] = command;
  const child = spawn(program, args, { detached: true, stdio: 'ignore' });
  child.on('error', (error) => failed(error.message));
  child.unref();
}
