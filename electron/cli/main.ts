/**
 * Runs one command: finds it, reads its arguments, turns whatever goes wrong into one sentence and an exit code
 * (0 done, 1 failed, 2 not understood, 130 interrupted).
 */
import { DepthscopeError, wireErrorFrom } from '../../core/contract/index.ts';
import { defaultDataDir, VERSION } from '../host/index.ts';
import { COMMANDS } from './commands/index.ts';
import { readArguments, UsageError, type Terminal } from './command.ts';
import { commandHelp, overview } from './help.ts';

/** Runs the command line and resolves with the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  const terminal: Terminal = {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    interactive: process.stderr.isTTY === true,
    signal: interrupt.signal,
  };
  try {
    return await dispatch(args, terminal);
  } catch (thrown) {
    terminal.err(`depthscope: ${sentence(thrown)}\n`);
    if (interrupt.signal.aborted) return 130;
    return thrown instanceof UsageError ? 2 : 1;
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  }
}

async function dispatch(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    (name === undefined ? terminal.err : terminal.out)(overview(COMMANDS));
    return name === undefined ? 2 : 0;
  }
  if (name === '--version') {
    terminal.out(`${VERSION}\n`);
    return 0;
  }
  const command = COMMANDS.find((each) => each.name === name);
  if (!command) throw new UsageError(`there is no command "${name}"; see depthscope --help`);
  const { positionals, values } = readArguments(command, rest);
  if (values['help'] === true) {
    terminal.out(commandHelp(command));
    return 0;
  }
  const dataDir = typeof values['data-dir'] === 'string' ? values['data-dir'] : defaultDataDir();
  await command.run({ positionals, values, dataDir, json: values['json'] === true, terminal });
  return 0;
}

/** Returns one line about anything thrown; a line break in a name that it quotes is shown as `\n` instead of cutting it. */
function sentence(thrown: unknown): string {
  if (thrown instanceof UsageError) return printable(thrown.message);
  if (thrown instanceof DepthscopeError) return printable(thrown.wire.userText);
  return printable(wireErrorFrom(thrown, 'contract.internal').userText.split('\n')[0]);
}

function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (control) => JSON.stringify(control).slice(1, -1));
}
