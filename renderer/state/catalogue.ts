/** The sessions and jobs of the host, as it last told them. */
import { create } from 'zustand';
import type { JobState } from '../../core/contract/index.ts';
import type { SessionSummary } from '../../core/model/index.ts';

export interface CatalogueState {
  /** Null until the host has answered. */
  readonly sessions: readonly SessionSummary[] | null;
  readonly jobs: readonly JobState[];
}

export const useCatalogue = create<CatalogueState>()(() => ({ sessions: null, jobs: [] }));
