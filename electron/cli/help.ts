/** The help texts, made from the commands' own words. Must not know what they do. */
import { COMMON_OPTIONS, type Command, type Option } from './command.ts';

/** Returns the overview of all commands. */
export function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `Usage: depthscope <command> [options]\n\nCommands:\n${lines.join('\n')}\n\nEvery command takes --help and --data-dir DIR.\n`;
}

/** Returns the help of one command. */
export function commandHelp(command: Command): string {
  const rows = Object.entries<Option>({ ...command.options, ...COMMON_OPTIONS }).map(([name, option]) => [
    `--${name}${option.value ? ` ${option.value}` : ''}`,
    option.help,
  ]);
  const width = Math.max(...rows.map(([left]) => left.length));
  const options = rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
  const details = command.details ? `\n${command.details}\n` : '';
  return `Usage: depthscope ${command.name} ${command.usage}\n\n${command.summary}\n${details}\nOptions:\n${options}\n`;
}
