/**
 * Where recordings, catalogue and settings live when nobody says otherwise. Must not create anything.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Returns the data directory: `DEPTHSCOPE_DATA_DIR`, else the platform's conventional place for an application's data.
 */
export function defaultDataDir(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  if (env['DEPTHSCOPE_DATA_DIR']) return env['DEPTHSCOPE_DATA_DIR'];
  const home = env['HOME'] ?? homedir();
  if (platform === 'win32') return join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'depthscope');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'depthscope');
  return join(env['XDG_DATA_HOME'] ?? join(home, '.local', 'share'), 'depthscope');
}
