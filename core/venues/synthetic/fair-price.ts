/**
 * The price that the agents believe in: a slow random walk whose drift and pace change from regime to regime. Must not know
 * the book. Fixed point, 1/65536 tick.
 */
import type { Random } from './random.ts';

const ONE_TICK = 65_536;
const NS_PER_SECOND = 1_000_000_000;

export class FairPrice {
  /** Mean time between actions in the present regime, µs. */
  paceMicros = 2_200;
  private readonly random: Random;
  private readonly centre: number;
  private value: number;
  private drift = 0;
  private untilNs = 0;

  constructor(random: Random, startTick: number) {
    this.random = random;
    this.centre = startTick * ONE_TICK;
    this.value = this.centre;
  }

  get tick(): number {
    return Math.floor(this.value / ONE_TICK);
  }

  /** −1, 0 or 1: where the present regime leads. */
  get direction(): number {
    return Math.sign(this.drift);
  }

  /** One step of the walk; starts a new regime when the present one is over. */
  step(timeNs: number): void {
    const { random } = this;
    if (timeNs >= this.untilNs) {
      this.untilNs = timeNs + random.between(18, 75) * NS_PER_SECOND;
      const away = (this.value - this.centre) / ONE_TICK;
      // Far from the start the drift leans back, so that a session stays on one screen.
      const lean = away > 70 ? -1 : away < -70 ? 1 : 0;
      this.drift = random.chance(350) ? 0 : random.between(-90, 90) + lean * 70;
      this.paceMicros = random.chance(300) ? 1_500 : random.between(1_900, 3_000);
    }
    this.value += this.drift + random.between(-9_000, 9_000);
  }

  /** Keeps the walk within `ticks` of the touch: a wall that holds also holds belief. */
  holdWithin(lowTick: number, highTick: number): void {
    this.value = Math.min(Math.max(this.value, lowTick * ONE_TICK), (highTick + 1) * ONE_TICK - 1);
  }
}
