import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/**
 * What random numbers are for. Each purpose draws from a stream of its own, so that asking for more
 * data does not change the initial weights, nor a dropout layer the order of the rows.
 */
const streams = {
  data: 1,
  split: 2,
  initializer: 3,
  sampling: 4,
  gradientCheck: 5,
  dropout: 6,
  gradientNoise: 16,
  directions: 17,
} as const;
export type RandomStream = keyof typeof streams;

/** The state of a `Random`: four 32-bit numbers, and the normal number that the last pair left over. */
export interface RandomState {
  readonly generator: readonly number[];
  readonly spare?: number | undefined;
}

/**
 * Seeded random numbers, the same on every machine: xoroshiro128+ (Blackman & Vigna 2018).
 * The state can be saved and set again.
 */
export class Random {
  #generator: ReturnType<typeof xoroshiro128plus>;
  #spare: number | undefined;

  constructor(seed: number, stream: RandomStream) {
    this.#generator = xoroshiro128plus(mix(seed, streams[stream]));
    // The first outputs still resemble the seed.
    for (let i = 0; i < 32; i++) this.#generator.next();
  }

  /** Everything that decides what is drawn next. */
  get state(): RandomState {
    return { generator: [...this.#generator.getState()], ...(this.#spare !== undefined && { spare: this.#spare }) };
  }

  /** Throws RangeError when the numbers are not a state. */
  set state({ generator, spare }: RandomState) {
    if (generator.length !== 4) throw new RangeError('A state of the generator has four numbers.');
    this.#generator = xoroshiro128plusFromState(generator);
    this.#spare = spare;
  }

  /** A multiple of 2⁻⁵³ in [low, high). */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * uniformFloat64(this.#generator);
  }

  /** A whole number in [0, bound). */
  below(bound: number): number {
    return uniformInt(this.#generator, 0, bound - 1);
  }

  /** A number from N(0, 1), by the polar method (Marsaglia & Bray 1964). */
  normal(): number {
    if (this.#spare !== undefined) {
      const value = this.#spare;
      this.#spare = undefined;
      return value;
    }
    for (;;) {
      const u = this.uniform(-1, 1);
      const v = this.uniform(-1, 1);
      const s = u * u + v * v;
      if (s === 0 || s >= 1) continue;
      const scale = Math.sqrt((-2 * Math.log(s)) / s);
      this.#spare = v * scale;
      return u * scale;
    }
  }

  /** Puts `values` into a random order, in place (Fisher & Yates). */
  shuffle(values: Int32Array): void {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const kept = values[i] ?? 0;
      values[i] = values[j] ?? 0;
      values[j] = kept;
    }
  }
}

/** Spreads seed and stream over 32 bits, so that neighbouring seeds give unrelated numbers (murmur3's finalizer). */
function mix(seed: number, stream: number): number {
  let h = (seed ^ Math.imul(stream, 0x9e3779b9)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
