/**
 * Remembers where the window was, in `window.json` of the data directory. A missing or unreadable file means the default;
 * must not know what the window shows.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserWindow, Rectangle } from 'electron';

export interface WindowState extends Partial<Rectangle> {
  readonly width: number;
  readonly height: number;
  readonly maximized: boolean;
}

const DEFAULT_STATE: WindowState = { width: 1440, height: 900, maximized: false };
const SMALLEST = 400;
const LARGEST = 20_000;

/** Returns the remembered state, or the default. */
export function readWindowState(dataDir: string): WindowState {
  try {
    return checked(JSON.parse(readFileSync(fileOf(dataDir), 'utf8')));
  } catch {
    return DEFAULT_STATE;
  }
}

/** Remembers the window's place when it closes; tells `failed` when that cannot be written. */
export function rememberWindow(window: BrowserWindow, dataDir: string, failed: (error: unknown) => void): void {
  window.on('close', () => {
    const state: WindowState = { ...window.getNormalBounds(), maximized: window.isMaximized() };
    try {
      writeFileSync(fileOf(dataDir), `${JSON.stringify(state)}\n`);
    } catch (error) {
      failed(error);
    }
  });
}

function fileOf(dataDir: string): string {
  return join(dataDir, 'window.json');
}

/** Returns the state when its size makes sense; a place is kept only when it is whole. */
function checked(value: unknown): WindowState {
  const { x, y, width, height, maximized } = value as Record<string, unknown>;
  const size = (n: unknown): n is number => Number.isInteger(n) && (n as number) >= SMALLEST && (n as number) <= LARGEST;
  if (!size(width) || !size(height)) return DEFAULT_STATE;
  const place = Number.isInteger(x) && Number.isInteger(y) ? { x: x as number, y: y as number } : {};
  return { ...place, width, height, maximized: maximized === true };
}
