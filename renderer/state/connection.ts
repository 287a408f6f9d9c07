/** Whether the host is there and how it is. */
import { create } from 'zustand';
import type { AppInfo, HostStatus } from '../../core/contract/index.ts';

export interface ConnectionState {
  readonly phase: 'connecting' | 'connected' | 'lost';
  readonly attempt: number;
  readonly info: AppInfo | null;
  readonly status: HostStatus | null;
}

export const useConnection = create<ConnectionState>()(() => ({ phase: 'connecting', attempt: 0, info: null, status: null }));
