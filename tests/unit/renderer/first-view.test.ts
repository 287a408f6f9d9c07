/** Which session a page opens by itself. */
import { describe, expect, it } from 'vitest';
import { firstSession } from '../../../renderer/app/first-view.ts';
import type { SessionSummary } from '../../../core/model/index.ts';

const session = (sessionId: string, createdAt: string): SessionSummary => ({ sessionId, createdAt }) as SessionSummary;
const SESSIONS = [session('old', '2026-11-18T08:00:00Z'), session('new', '2026-11-20T08:00:00Z'), session('mid', '2026-11-19T08:00:00Z')];

describe('firstSession', () => {
  it('is the one of last time while it exists, else the newest', () => {
    expect(firstSession(SESSIONS, 'old')?.sessionId).toBe('old');
    expect(firstSession(SESSIONS, 'deleted')?.sessionId).toBe('new');
    expect(firstSession(SESSIONS, null)?.sessionId).toBe('new');
    expect(firstSession([], 'old')).toBeUndefined();
  });
});
