/** Reads `--name value` arguments of bench programs. */

/** Returns the arguments after the program's name; a name without a value gets `true`. */
export function readArguments(words: readonly string[] = process.argv.slice(2)): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (!word.startsWith('--')) continue;
    const next = words[i + 1];
    if (next === undefined || next.startsWith('--')) found.set(word.slice(2), 'true');
    else {
      found.set(word.slice(2), next);
      i++;
    }
  }
  return found;
}

/** Returns an argument that must be there. */
export function need(found: ReadonlyMap<string, string>, name: string): string {
  const value = found.get(name);
  if (value === undefined) throw new Error(`missing --${name}`);
  return value;
}
