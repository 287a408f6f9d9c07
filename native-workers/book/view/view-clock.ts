/** The wall time and the timer of the views, as an interface so that tests turn them by hand. */
export interface ViewClock {
  /** Returns ms of a steady clock. */
  nowMs(): number;
  /** Calls `wake` once after `ms`; returns the function that prevents it. */
  after(ms: number, wake: () => void): () => void;
}

/** The clock of the machine. */
export const machineClock: ViewClock = {
  nowMs: () => performance.now(),
  after: (ms, wake) => {
    const timer = setTimeout(wake, ms);
    return () => clearTimeout(timer);
  },
};
