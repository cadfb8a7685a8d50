import type { OptimizerSettings } from '../../engine/model/schema.ts';
import type { Point } from '../../engine/model/surfaceTable.ts';
import type { RaceTrack } from '../../engine/protocol/lab.ts';
import { t } from '../kit/language.ts';
import { correctionsOf, derive, type Derived } from './updateInParts.ts';

/** One arrow of a drawing, from the ball. */
export interface PhaseArrow {
  readonly vector: Point;
  readonly role: 'gradient' | 'descent' | 'old' | 'own' | 'other';
}

/** One part of a step: what is drawn, and what is computed. */
export interface Phase {
  readonly title: string;
  readonly arrows: readonly PhaseArrow[];
  /** Edges of two squares, for x and y: what the step is divided by. */
  readonly squares?: Point;
  /** Numbers of x and of y, each pair with its two labels. */
  readonly figures: readonly (readonly [labels: readonly [string, string], values: Point])[];
  readonly note: string;
  /** The formula, with the numbers of the settings in it. */
  readonly formula: string;
  readonly result: Point;
}

/** Everything known of the step from `at` to `at + 1` of a track. */
export interface StepRecord {
  readonly settings: OptimizerSettings;
  readonly step: number;
  readonly from: Point;
  readonly gradient: Point;
  readonly derived: readonly [Derived, Derived];
}

const pairAt = (numbers: ArrayLike<number> | undefined, i: number): Point => [
  numbers?.[2 * i] ?? 0,
  numbers?.[2 * i + 1] ?? 0,
];

/** Takes a step of a track apart; `at` is the step before it. */
export function stepRecord(settings: OptimizerSettings, track: RaceTrack, at: number): StepRecord {
  const step = at + 1;
  const from = pairAt(track.positions, at);
  const gradient = pairAt(track.gradients, at);
  const slot = (name: string): Point => pairAt(track.slots[name], at);
  const product = slot('momentumProduct')[0];
  const part = (i: 0 | 1): Derived =>
    derive(settings, {
      step,
      weight: from[i],
      gradient: gradient[i],
      moment: slot(settings.type === 'momentum' ? 'velocity' : 'firstMoment')[i],
      squares: slot(settings.type === 'adagrad' ? 'accumulator' : 'secondMoment')[i],
      product,
    });
  return { settings, step, from, gradient, derived: [part(0), part(1)] };
}

const ofBoth = (name: string): readonly [string, string] => [`${name} x`, `${name} y`];

/** The phases of a step, in the order in which they are computed. */
export function phasesOf({ settings, step, from, gradient, derived }: StepRecord): Phase[] {
  const [x, y] = derived;
  const both = (read: (part: Derived) => number | undefined): Point | undefined => {
    const [a, b] = [read(x), read(y)];
    return a === undefined || b === undefined ? undefined : [a, b];
  };
  const squares = both(part => part.squares);
  const moment = both(part => part.moment);
  const divisor = both(part => part.divisor);
  const move: Point = [x.move, y.move];
  const phases: Phase[] = [
    {
      title: t('Gradient'),
      arrows: [
        { vector: gradient, role: 'gradient' },
        { vector: [-gradient[0], -gradient[1]], role: 'descent' },
      ],
      figures: [[['∂f/∂x', '∂f/∂y'], gradient]],
      note: t('solid: uphill, dashed: downhill'),
      formula: 'g = ∇f(x, y)',
      result: gradient,
    },
  ];
  const formulas = formulasOf(settings, step);
  if (squares)
    phases.push({
      title: t('Accumulated squares'),
      arrows: [],
      squares: [Math.sqrt(squares[0]), Math.sqrt(squares[1])],
      figures: [[ofBoth('√v'), [Math.sqrt(squares[0]), Math.sqrt(squares[1])]]],
      note: t('a big square makes small steps'),
      formula: formulas.squares,
      result: squares,
    });
  if (moment)
    phases.push({
      title: t('Moment'),
      arrows: [
        { vector: [x.oldMoment ?? 0, y.oldMoment ?? 0], role: 'old' },
        { vector: [x.momentShare ?? 0, y.momentShare ?? 0], role: 'gradient' },
        { vector: moment, role: 'own' },
      ],
      figures: [[ofBoth('m'), moment]],
      note: t('dashed: the share kept, thin: what the gradient adds'),
      formula: formulas.moment,
      result: moment,
    });
  const corrected = both(part => part.correctedMoment);
  if (corrected && divisor && moment)
    phases.push({
      title: t('Correction'),
      arrows: [
        { vector: moment, role: 'old' },
        { vector: corrected, role: 'own' },
      ],
      figures: [
        [ofBoth('m̂'), corrected],
        [ofBoth('÷'), divisor],
      ],
      note: t('both averages began at zero'),
      formula: formulas.correction,
      result: corrected,
    });
  phases.push({
    title: t('Step'),
    arrows: [
      { vector: [-settings.learningRate * gradient[0], -settings.learningRate * gradient[1]], role: 'other' },
      { vector: move, role: 'own' },
    ],
    figures: [[['Δx', 'Δy'], move]],
    note: t('dashed: where plain descent would go'),
    formula: formulas.step,
    result: [from[0] + x.move, from[1] + y.move],
  });
  return phases;
}

const figure = (value: number, digits = 6) => String(Number(value.toPrecision(digits)));
/** What changes with every step is shown shorter, so that it keeps its place. */
const short = (value: number) => figure(value, 4);

/** The formulas of an optimizer in its form, its numbers filled in. */
function formulasOf(settings: OptimizerSettings, step: number) {
  const α = figure(settings.learningRate);
  const none = { squares: '', moment: '', correction: '', step: `w ← w − ${α} g` };
  switch (settings.type) {
    case 'sgd':
      return none;
    case 'momentum': {
      const μ = figure(settings.momentum);
      const late = settings.form === 'pytorch';
      return {
        ...none,
        moment: late ? `m ← ${μ} m + g` : `m ← ${μ} m − ${α} g`,
        step: settings.nesterov
          ? late
            ? `w ← w − ${α} (g + ${μ} m)`
            : `w ← w + ${μ} m − ${α} g`
          : late
            ? `w ← w − ${α} m`
            : 'w ← w + m',
      };
    }
    case 'adagrad':
      return { ...none, squares: 'v ← v + g²', step: `w ← w − ${α} g / ${root(settings, 'v')}` };
    case 'rmsprop': {
      const β = settings.decayRate;
      return {
        ...none,
        squares: `v ← ${figure(β)} v + ${figure(1 - β)} g²`,
        step: `w ← w − ${α} g / ${root(settings, 'v')}`,
      };
    }
    case 'lion': {
      const { beta1, beta2, weightDecay } = settings;
      return {
        ...none,
        moment: `m ← ${figure(beta2)} m + ${figure(1 - beta2)} g`,
        step: `w ← w − ${α} (sign(${figure(beta1)} m₀ + ${figure(1 - beta1)} g) + ${figure(weightDecay)} w)`,
      };
    }
    case 'adam':
    case 'adamw':
    case 'nadam': {
      const { beta1, beta2, form, type } = settings;
      const decay = type === 'adamw' ? ` − ${figure(settings.learningRate * settings.weightDecay)} w` : '';
      const corrections = correctionsOf(settings, step);
      const average =
        type === 'nadam'
          ? `m̂ = ${short(corrections.momentFactor)} m + ${short(corrections.gradientFactor)} g`
          : `m̂ = m / ${short(1 / corrections.momentFactor)}`;
      return {
        squares: `v ← ${figure(beta2)} v + ${figure(1 - beta2)} g²`,
        moment: `m ← ${figure(beta1)} m + ${figure(1 - beta1)} g`,
        correction: `${average},  v̂ = v / ${short(corrections.squaresDivisor)}`,
        step:
          form === 'keras' && type !== 'nadam'
            ? `w ← w − ${α} √${short(corrections.squaresDivisor)} m̂ / (√v + ε)${decay}`
            : `w ← w − ${α} m̂ / ${type === 'nadam' && form !== 'article' ? '(√v̂ + ε)' : root(settings, 'v̂')}${decay}`,
      };
    }
  }
}

/** Where ε stands in a form. */
function root({ type, form }: OptimizerSettings, v: string): string {
  const outside = form === 'pytorch' || (form === 'keras' && type === 'nadam');
  return outside ? `(√${v} + ε)` : `√(${v} + ε)`;
}
