/**
 * A full disk, for real: a small file system in memory, which takes root on Linux to mount. Elsewhere the test is skipped by
 * name, so that the run's count shows it.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { bookOutcome, contentId, full, importOutcome, sessionOf, stepRows, StoreThread, temporaryFolder } from './helpers.ts';

const MEGABYTES = 6;
const folder = temporaryFolder();
const mounted = mount();

function mount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${MEGABYTES}m`, 'tmpfs', folder.path], { stdio: 'ignore' });
    return true;
  } catch {
    // Containers may forbid mounts even to root: the skipped test says so.
    return false;
  }
}

afterEach(() => {
  if (mounted) execFileSync('umount', [folder.path]);
  folder.remove();
});

it.runIf(mounted)(
  'says so in words and leaves nothing, while writing and while sealing (needs root on Linux to mount a small disk)',
  async () => {
    const store = StoreThread.start();
    await store.caller.call('open', { dataDir: folder.path });
    const staged = (): string[] => readdirSync(join(folder.path, 'staging')).filter((name) => !name.startsWith('scratch'));

    await expect(store.consume('too-big', sessionOf(stepRows(900_000), 30_000))).rejects.toMatchObject({
      wire: { code: 'store.disk-full', userText: expect.stringContaining('disk is full') as string },
    });
    expect(staged()).toEqual([]);

    await store.consume('small', sessionOf(stepRows(2000)));
    writeFileSync(join(folder.path, 'filler'), new Uint8Array(freeBytes(folder.path)));
    const seal = store.caller.call('write.seal', {
      stagingId: 'small',
      import: importOutcome(contentId(5)),
      book: bookOutcome(),
      seconds: 1,
    });
    await expect(seal).rejects.toMatchObject({ wire: { code: 'store.disk-full' } });
    expect(staged()).toEqual([]);
    expect(await store.caller.call('sessions.list', {})).toEqual([]);

    rmSync(join(folder.path, 'filler'));
    await store.record(sessionOf(stepRows(2000)), contentId(5));
    expect((await store.readAll(contentId(5).slice(0, 16))).rows).toEqual(stepRows(2000).map(full));
    await store.caller.call('close', {});

    // With a recording there, and no room for as much as the list's shared memory.
    writeFileSync(join(folder.path, 'filler'), new Uint8Array(freeBytes(folder.path)));
    await expect(store.caller.call('open', { dataDir: folder.path })).rejects.toMatchObject({ wire: { code: 'store.disk-full' } });
    rmSync(join(folder.path, 'filler'));
    await store.caller.call('open', { dataDir: folder.path });
    expect(await store.caller.call('sessions.list', {})).toHaveLength(1);
    await store.stop();
  },
);

/** Returns what is left on a file system, bytes. */
function freeBytes(path: string): number {
  const lines = execFileSync('df', ['-B1', '--output=avail', path], { encoding: 'utf8' }).trim().split('\n');
  return Number(lines[1]);
}
