import { describe, expect, it } from 'vitest';
import { bucketStep, neighbourTime, ReplayClock } from '../../../core/replay/index.ts';

const S = 1_000_000_000n;
const FROM = 1_700_000_000n * S;

describe('ReplayClock', () => {
  it('moves by wall time × speed while it plays, and not otherwise', () => {
    const clock = new ReplayClock(FROM, FROM + 100n * S, FROM + 10n * S);
    expect(clock.tick(5000)).toBe(FROM + 10n * S);
    clock.play(2, 5000);
    expect(clock.tick(5500)).toBe(FROM + 11n * S);
    expect(clock.tick(5400)).toBe(FROM + 11n * S);
    clock.pause(6000);
    expect(clock.tick(99_000)).toBe(FROM + 12n * S);
    expect(clock.playing).toBe(false);
  });

  it('changes speed without a jump', () => {
    const clock = new ReplayClock(FROM, FROM + 1000n * S, FROM);
    clock.play(1, 0);
    clock.play(1000, 100);
    clock.play(0.1, 200);
    expect(clock.tick(1200)).toBe(FROM + S / 10n + 100n * S + S / 10n);
  });

  it('loses nothing of slow speeds however often it is asked', () => {
    const clock = new ReplayClock(FROM, FROM + 10n * S, FROM);
    clock.play(0.000001, 0);
    for (let ms = 0; ms <= 1000; ms += 0.5) clock.tick(ms);
    expect(clock.headNs).toBe(FROM + 1000n);
  });

  it('stops at the end, and begins again at the start when played there', () => {
    const clock = new ReplayClock(FROM, FROM + 10n * S, FROM);
    clock.play(1000, 0);
    expect(clock.tick(50)).toBe(FROM + 10n * S);
    expect(clock.playing).toBe(false);
    clock.play(1, 60);
    expect([clock.headNs, clock.playing]).toEqual([FROM, true]);
    expect(clock.tick(1060)).toBe(FROM + S);
    clock.seek(FROM + 9n * S, 1070);
    clock.play(1, 1070);
    expect(clock.tick(1570)).toBe(FROM + 9n * S + S / 2n);
  });

  it('keeps seeks inside the session and runs on from them', () => {
    const clock = new ReplayClock(FROM, FROM + 10n * S, FROM - 5n);
    expect(clock.headNs).toBe(FROM);
    clock.play(1, 0);
    clock.seek(FROM + 3n * S, 1000);
    expect(clock.tick(2000)).toBe(FROM + 4n * S);
    clock.seek(0n, 2000);
    expect(clock.headNs).toBe(FROM);
    clock.seek(FROM + 99n * S, 2000);
    expect([clock.headNs, clock.playing]).toEqual([FROM + 10n * S, false]);
  });

  it('forgets the wall time in which the screen was not ready', () => {
    const clock = new ReplayClock(FROM, FROM + 10n * S, FROM);
    clock.play(1, 0);
    clock.resumeAt(5000);
    expect(clock.tick(6000)).toBe(FROM + S);
  });
});

describe('steps', () => {
  it('find the neighbours of a time among repeated times', () => {
    const times = Float64Array.of(1, 5, 5, 5, 9);
    expect([neighbourTime(times, 0, 1), neighbourTime(times, 1, 1), neighbourTime(times, 5, 1), neighbourTime(times, 9, 1)]).toEqual([
      1,
      5,
      9,
      null,
    ]);
    expect([neighbourTime(times, 9, -1), neighbourTime(times, 7, -1), neighbourTime(times, 5, -1), neighbourTime(times, 1, -1)]).toEqual([
      5,
      5,
      1,
      null,
    ]);
  });

  it('complete a bucket before going to the next', () => {
    expect([bucketStep(1005n, 100, 1), bucketStep(1099n, 100, 1), bucketStep(1005n, 100, -1), bucketStep(1099n, 100, -1)]).toEqual([
      1099n,
      1199n,
      999n,
      999n,
    ]);
  });
});
