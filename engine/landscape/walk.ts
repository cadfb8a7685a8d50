import { Random } from '../data/random.ts';
import type { OptimizerSettings } from '../model/schema.ts';
import type { Point } from '../model/surfaceTable.ts';
import type { OptimizerType } from '../model/optimizerFields.ts';
import { updateRules } from '../optimizers/table.ts';
import type { UpdateRule } from '../optimizers/updateRule.ts';
import type { GradientNoise, RaceTrack } from '../protocol/lab.ts';
import type { Surface } from './surface.ts';

export interface WalkOptions {
  readonly surface: Surface;
  readonly optimizer: OptimizerSettings;
  readonly start: Point;
  readonly noise?: GradientNoise | undefined;
  /** Of the noise; the same seed gives the same walk. */
  readonly seed?: number;
}

/**
 * One optimizer on a surface: the weights are x and y, the loss is f. The update is the very rule
 * that trains networks.
 *
 *     g ← ∇f(w) + ξ/√b,  ξ ~ N(0, σ²) in each coordinate        w ← rule(w, g)
 */
export class Walk {
  readonly position = new Float64Array(2);
  /** The gradient that the next step uses. */
  readonly gradient = new Float64Array(2);
  readonly slots: Readonly<Record<string, Float64Array>>;
  step = 0;
  value = 0;
  readonly #options: WalkOptions;
  readonly #rule: UpdateRule<OptimizerType, string>;
  readonly #random: Random;
  readonly #deviation: number;

  constructor(options: WalkOptions) {
    const { optimizer, start, noise, seed = 0 } = options;
    this.#options = options;
    this.#rule = updateRules[optimizer.type];
    this.#random = new Random(seed, 'gradientNoise');
    this.#deviation = noise ? noise.deviation / Math.sqrt(noise.batchSize) : 0;
    this.slots = Object.fromEntries(
      Object.entries(this.#rule.initialSlots(optimizer)).map(([name, value]) => [
        name,
        new Float64Array(2).fill(value),
      ]),
    );
    this.position.set(start);
    this.#look();
  }

  get isFinite(): boolean {
    const [x = NaN, y = NaN] = this.position;
    const [a = NaN, b = NaN] = this.gradient;
    return [x, y, a, b, this.value].every(Number.isFinite);
  }

  /** The stop rule: whether ‖g‖₂ of the next step is at most `least`; without a rule nothing rests. */
  rests(least: number | undefined): boolean {
    return least !== undefined && Math.hypot(...this.gradient) <= least;
  }

  advance(): void {
    this.step++;
    this.#rule.update(this.position, this.gradient, this.slots, this.#options.optimizer, this.step);
    this.#look();
  }

  #look(): void {
    const { surface } = this.#options;
    const [x = NaN, y = NaN] = this.position;
    this.value = surface.value(x, y);
    this.gradient.set(surface.gradient(x, y));
    if (this.#deviation === 0) return;
    for (let i = 0; i < 2; i++) this.gradient[i]! += this.#deviation * this.#random.normal();
  }
}

/** Everything a walk does in `steps` steps; it ends sooner where it rests, or where its numbers stop being finite. */
export function walkTrack(options: WalkOptions, steps: number, stopGradient?: number): RaceTrack {
  const walk = new Walk(options);
  const positions = new Float64Array(2 * (steps + 1));
  const values = new Float64Array(steps + 1);
  const gradients = new Float64Array(2 * (steps + 1));
  const slots = Object.fromEntries(Object.keys(walk.slots).map(name => [name, new Float64Array(2 * (steps + 1))]));
  let done = -1;
  let isWhole = false;
  while (walk.isFinite && slotsAreFinite(walk)) {
    done = walk.step;
    positions.set(walk.position, 2 * done);
    values[done] = walk.value;
    gradients.set(walk.gradient, 2 * done);
    for (const [name, kept] of Object.entries(slots)) kept.set(walk.slots[name] ?? [], 2 * done);
    isWhole = done === steps || walk.rests(stopGradient);
    if (isWhole) break;
    walk.advance();
  }
  return {
    steps: Math.max(0, done),
    diverged: !isWhole,
    positions: positions.slice(0, 2 * (done + 1)),
    values: values.slice(0, done + 1),
    gradients: gradients.slice(0, 2 * (done + 1)),
    slots: Object.fromEntries(Object.entries(slots).map(([name, kept]) => [name, kept.slice(0, 2 * (done + 1))])),
  };
}

const slotsAreFinite = ({ slots }: Walk): boolean =>
  Object.values(slots).every(values => values.every(value => Number.isFinite(value)));
