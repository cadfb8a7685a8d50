import type { GradientsEvent } from './events.ts';

/** Samples kept of one run: enough to walk through it, few enough to be sent at once. */
const maximumSamples = 200;

/**
 * The gradient samples of a run, oldest first. When they get too many, every second one of the older half goes; matrices
 * are kept of the latest only.
 */
export class SampleHistory {
  readonly #maximum: number;
  #samples: GradientsEvent[] = [];

  constructor(maximum = maximumSamples) {
    this.#maximum = maximum;
  }

  get samples(): readonly GradientsEvent[] {
    return this.#samples;
  }

  get latest(): GradientsEvent | undefined {
    return this.#samples.at(-1);
  }

  add(sample: GradientsEvent): void {
    const last = this.#samples.pop();
    if (last) this.#samples.push(withoutMatrices(last));
    this.#samples.push(sample);
    if (this.#samples.length <= this.#maximum) return;
    const half = Math.ceil(this.#samples.length / 2);
    this.#samples = this.#samples.filter((_, i) => i >= half || i % 2 === 0);
  }
}

const withoutMatrices = (sample: GradientsEvent): GradientsEvent => ({
  ...sample,
  layers: sample.layers.map(layer => {
    const kept = { ...layer };
    delete kept.matrices;
    return kept;
  }),
});
