/** Choices that outlive the page, kept in the browser's storage. Unreadable storage means the defaults. */
import { create } from 'zustand';
import { createJSONStorage, persist } from 'zustand/middleware';

export interface Layers {
  readonly heat: boolean;
  readonly trades: boolean;
  readonly touch: boolean;
  readonly book: boolean;
  readonly flow: boolean;
}

export interface SettingsState {
  readonly colourMap: string;
  readonly lowPercentile: number;
  readonly highPercentile: number;
  /** Exponent on the ramp, 0.4 (bright) … 2 (dark). */
  readonly gamma: number;
  readonly layers: Layers;
  readonly speed: number;
  /** Null = what the host suggests for the session. */
  readonly bucketNs: number | null;
  /** Price group by `venue:symbol`. */
  readonly groups: Readonly<Record<string, number>>;
  /** The session that was open last: a reloaded page opens it again. */
  readonly lastSessionId: string | null;
}

const DEFAULTS: SettingsState = {
  colourMap: 'heat',
  lowPercentile: 50,
  highPercentile: 99.5,
  gamma: 1.6,
  layers: { heat: true, trades: true, touch: true, book: true, flow: true },
  speed: 1,
  bucketNs: null,
  groups: {},
  lastSessionId: null,
};

export const useSettings = create<SettingsState>()(
  persist(() => DEFAULTS, { name: 'depthscope.settings', version: 2, storage: createJSONStorage(() => localStorage) }),
);
