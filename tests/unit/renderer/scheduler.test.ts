/** Scheduler: one draw a display frame, at the highest level asked for, and none without a reason. */
import { expect, it } from 'vitest';
import { DirtyLevel, Scheduler } from '../../../renderer/loop/index.ts';

function manual() {
  const requests: (() => void)[] = [];
  const levels: DirtyLevel[] = [];
  const scheduler = new Scheduler((level) => levels.push(level), {
    request: (callback) => requests.push(callback),
    cancel: () => requests.splice(0),
    nowMs: () => 0,
  });
  const tick = (): void => {
    for (const callback of requests.splice(0)) callback();
  };
  return { scheduler, levels, requests, tick };
}

it('draws once, at the highest level, however often it is marked', () => {
  const { scheduler, levels, requests, tick } = manual();
  scheduler.mark(DirtyLevel.cursor);
  scheduler.mark(DirtyLevel.data);
  scheduler.mark(DirtyLevel.overlay);
  expect(requests).toHaveLength(1);
  tick();
  expect(levels).toEqual([DirtyLevel.data]);
});

it('asks for no display frame while nothing is dirty', () => {
  const { scheduler, levels, requests, tick } = manual();
  scheduler.mark(DirtyLevel.cursor);
  tick();
  expect(requests).toHaveLength(0);
  expect(scheduler.idle).toBe(true);
  tick();
  expect(levels).toEqual([DirtyLevel.cursor]);
});

it('draws nothing after it was stopped', () => {
  const { scheduler, levels, tick } = manual();
  scheduler.mark(DirtyLevel.layout);
  scheduler.stop();
  tick();
  expect(levels).toEqual([]);
});
