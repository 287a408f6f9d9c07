/** Every command of the command line, in the order of the help. */
import type { Command } from '../command.ts';
import { bookCommand } from './book.ts';
import { deleteCommand } from './delete.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import.ts';
import { replayCommand } from './replay.ts';
import { serveCommand } from './serve.ts';
import { sessionsCommand } from './sessions.ts';
import { verifyCommand } from './verify.ts';

export const COMMANDS: readonly Command[] = [
  importCommand,
  sessionsCommand,
  bookCommand,
  verifyCommand,
  replayCommand,
  exportCommand,
  deleteCommand,
  serveCommand,
];
