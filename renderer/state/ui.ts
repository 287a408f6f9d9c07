/** Which dialogs are open and what the page is telling the user. */
import { create } from 'zustand';
import type { WireError } from '../../core/contract/index.ts';

export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly detail: string;
}

export interface UploadState {
  readonly name: string;
  readonly bytesDone: number;
  readonly bytesTotal: number;
}

/** An import that the host could not place: it asks for the venue, then the same source is tried again. */
export interface VenueQuestion {
  readonly paths: readonly string[];
  readonly files: readonly File[];
}

export interface UiState {
  readonly openDialog: boolean;
  readonly picker: boolean;
  readonly search: boolean;
  readonly keysSheet: boolean;
  /** Whether a narrow window shows the right column over the map. */
  readonly facts: boolean;
  /** Id of the session whose deletion is being asked about. */
  readonly deleting: string | null;
  readonly dropping: boolean;
  readonly upload: UploadState | null;
  readonly question: VenueQuestion | null;
  readonly notices: readonly Notice[];
}

export const useUi = create<UiState>()(() => ({
  openDialog: false,
  picker: false,
  search: false,
  keysSheet: false,
  facts: false,
  deleting: null,
  dropping: false,
  upload: null,
  question: null,
  notices: [],
}));

let nextNoticeId = 1;
const NOTICES_MAX = 4;

/** Shows an error to the user, in words, until it is dismissed. */
export function notify(error: Pick<WireError, 'userText' | 'detail'>): void {
  const notice = { id: nextNoticeId++, text: error.userText, detail: error.detail };
  useUi.setState((state) => ({ notices: [...state.notices.filter((n) => n.text !== notice.text), notice].slice(-NOTICES_MAX) }));
}

export function dismissNotice(id: number): void {
  useUi.setState((state) => ({ notices: state.notices.filter((n) => n.id !== id) }));
}
