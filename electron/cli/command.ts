/**
 * What a command is: its words, its options, its work; and how it reads its arguments. Must not know any one command.
 */
import { parseArgs, type ParseArgsConfig } from 'node:util';

type OptionConfig = NonNullable<ParseArgsConfig['options']>[string];

export interface Option extends OptionConfig {
  readonly help: string;
  /** What stands after the option in the help, for instance `N`. */
  readonly value?: string;
}

export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** True when progress may be drawn on stderr. */
  readonly interactive: boolean;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

export interface Invocation {
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly dataDir: string;
  readonly json: boolean;
  readonly terminal: Terminal;
}

export interface Command {
  readonly name: string;
  /** The arguments after the name, for instance `SESSION --symbol S`. */
  readonly usage: string;
  readonly summary: string;
  /** Further paragraphs of the help. */
  readonly details?: string;
  readonly options: Readonly<Record<string, Option>>;
  /** Least and most positional arguments. */
  readonly positionals: readonly [number, number];
  run(invocation: Invocation): Promise<void>;
}

/** Thrown for arguments that cannot be understood: the exit code is 2. */
export class UsageError extends Error {}

export const COMMON_OPTIONS: Readonly<Record<string, Option>> = {
  'data-dir': { type: 'string', value: 'DIR', help: 'where recordings and catalogue are kept' },
  help: { type: 'boolean', short: 'h', help: 'show this help' },
};

export const JSON_OPTION: Option = { type: 'boolean', help: 'print one JSON object instead of text' };

/** Returns the parsed arguments of a command, or throws a UsageError in one sentence. */
export function readArguments(
  command: Command,
  args: readonly string[],
): { positionals: string[]; values: Record<string, string | boolean | undefined> } {
  try {
    const options = { ...command.options, ...COMMON_OPTIONS };
    const parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
    const values = parsed.values as Record<string, string | boolean | undefined>;
    const [least, most] = command.positionals;
    const count = parsed.positionals.length;
    if (values['help'] !== true && (count < least || count > most))
      throw new UsageError(`usage: depthscope ${command.name} ${command.usage}`);
    return { positionals: parsed.positionals, values };
  } catch (thrown) {
    if (thrown instanceof UsageError) throw thrown;
    throw new UsageError(
      `${thrown instanceof Error ? thrown.message.split('. ')[0] : String(thrown)}; see depthscope ${command.name} --help`,
    );
  }
}

/** Returns a text option that must be there. */
export function required({ values }: Invocation, name: string): string {
  const value = values[name];
  if (typeof value !== 'string' || value === '') throw new UsageError(`--${name} is missing`);
  return value;
}

/** Returns a text option restricted to some words, `fallback` when it is absent. */
export function choice<T extends string>({ values }: Invocation, name: string, words: readonly T[], fallback: T | null): T | null {
  const value = values[name];
  if (value === undefined) return fallback;
  const found = words.find((word) => word === value);
  if (found === undefined) throw new UsageError(`--${name} must be one of ${words.join(', ')}, not "${String(value)}"`);
  return found;
}

/** Returns a whole-number option within bounds. */
export function wholeNumber({ values }: Invocation, name: string, limits: { fallback: number; least: number; most: number }): number {
  const value = values[name];
  if (value === undefined) return limits.fallback;
  const number = /^\d+$/.test(String(value)) ? Number(value) : Number.NaN;
  if (!(number >= limits.least && number <= limits.most))
    throw new UsageError(`--${name} must be a whole number from ${limits.least} to ${limits.most}`);
  return number;
}
