/** Steps a second at speed 1. */
const stepsPerSecond = 10;
export const speeds = [0.25, 1, 4, 16] as const;

/** Where a race stands: a time in steps that can run, be moved and be taken phase by phase. Tells its listeners of each change. */
export class Playback {
  /** The last step there is. */
  length = 0;
  speed: number = 1;
  /** Steps done, and the share of the next one while running. */
  time = 0;
  isPlaying = false;
  /** The phase of the next step that is looked at, from 0. */
  phase = 0;
  readonly #listeners = new Set<() => void>();

  get step(): number {
    return Math.floor(this.time);
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  restart(length: number): void {
    this.length = length;
    this.phase = 0;
    this.time = 0;
    this.#tell();
  }

  /** More steps have become known; whoever stood at the end stays at the end. */
  extend(length: number): void {
    const atEnd = this.time >= this.length;
    this.length = length;
    this.time = atEnd ? length : Math.min(this.time, length);
    this.#tell();
  }

  play(): void {
    if (this.time >= this.length) this.time = 0;
    this.isPlaying = this.length > 0;
    this.phase = 0;
    this.#tell();
  }

  pause(): void {
    this.isPlaying = false;
    this.time = this.step;
    this.#tell();
  }

  seek(step: number): void {
    this.time = Math.max(0, Math.min(this.length, Math.round(step)));
    this.phase = 0;
    this.#tell();
  }

  setSpeed(speed: number): void {
    this.speed = speed;
    this.#tell();
  }

  /** One phase further; after the last one the step is done. */
  nextPhase(phases: number): void {
    this.isPlaying = false;
    if (this.phase + 1 < phases) {
      this.phase++;
      this.#tell();
    } else this.seek(this.step + 1);
  }

  /** Lets time pass; called once a frame. */
  tick(milliseconds: number): void {
    if (!this.isPlaying) return;
    this.time += (Math.min(milliseconds, 100) / 1000) * stepsPerSecond * this.speed;
    if (this.time >= this.length) {
      this.time = this.length;
      this.isPlaying = false;
    }
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
