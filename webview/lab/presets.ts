import type { OptimizerType } from '../../engine/model/optimizerFields.ts';
import { fieldOf } from './fittingRates.ts';
import { settingsOf, type Racer } from './racer.ts';
import type { OptimizerSettings } from '../../engine/model/schema.ts';
import { surfaceTable, type Domain, type Point, type SurfaceName } from '../../engine/model/surfaceTable.ts';
import type { SurfaceChoice } from '../../engine/protocol/lab.ts';
import { t } from '../kit/language.ts';

/** What is raced on, from where, for how long. */
export interface RaceSetup {
  readonly surface: SurfaceChoice;
  readonly domain: Domain;
  readonly start: Point;
  readonly steps: number;
  /** An optimizer rests where ‖g‖ is no more than this; 0 where none does. */
  readonly stopGradient: number;
  readonly racers: readonly Racer[];
}

export interface Preset extends Omit<RaceSetup, 'stopGradient'> {
  readonly title: string;
  /** What to look for. */
  readonly text: string;
}

const racer = <T extends OptimizerType>(type: T, change: Partial<OptimizerSettings<T>> = {}): Racer => ({
  optimizer: settingsOf(type, change),
});

const on = (name: SurfaceName): Pick<Preset, 'surface' | 'domain' | 'start'> => ({
  surface: { kind: 'named', name },
  domain: surfaceTable[name].domain,
  start: surfaceTable[name].start,
});

const everyone = (rate: number): readonly Racer[] => fieldOf({ descent: rate, adaptive: rate });

export const presets: readonly Preset[] = [
  {
    ...on('himmelblau'),
    title: t('Four valleys'),
    steps: 300,
    racers: [
      racer('sgd', { learningRate: 0.004 }),
      racer('momentum', { learningRate: 0.004 }),
      racer('momentum', { learningRate: 0.002, nesterov: true }),
      racer('adagrad', { learningRate: 0.35 }),
      racer('rmsprop', { learningRate: 0.04, decayRate: 0.99 }),
      racer('adam', { learningRate: 0.2 }),
      racer('adamw', { learningRate: 0.12 }),
    ],
    text: t(
      'Four minima, all at f = 0. The start lies on a ridge: optimizers that rescale each axis go left, plain gradients go right, momentum crosses to a third valley.',
    ),
  },
  {
    ...on('quarticSaddle'),
    title: t('Escape from a saddle'),
    steps: 1600,
    racers: [
      racer('sgd', { learningRate: 0.03 }),
      racer('momentum', { learningRate: 0.03 }),
      racer('adagrad', { learningRate: 0.03 }),
      racer('rmsprop', { learningRate: 0.03 }),
      racer('adam', { learningRate: 0.03 }),
    ],
    text: t(
      'The article’s first race, every α = 0.03. Along y the slope is almost nothing at first. RMSProp and Adam divide by the size of the gradient, so they leave first; momentum gathers speed; AdaGrad still remembers the steep way down along x and struggles.',
    ),
  },
  {
    ...on('beale'),
    title: t('Wide exploration'),
    start: [3.5, 1],
    steps: 600,
    racers: [
      racer('sgd', { learningRate: 0.01 }),
      racer('momentum', { learningRate: 0.01 }),
      racer('adagrad', { learningRate: 0.3 }),
      racer('rmsprop', { learningRate: 0.03, decayRate: 0.99 }),
    ],
    text: t(
      'The article’s second race. Momentum overshoots far and explores wide before it comes back; RMSProp and AdaGrad go to the minimum more directly; gradient descent creeps along the flat valley and is last.',
    ),
  },
  {
    surface: { kind: 'quadratic', lambda: [1, 1] },
    domain: { x: [-1, 2.2], y: [-1, 1.8] },
    title: t('GD, SGD, minibatch'),
    start: [1.8, 1.4],
    steps: 400,
    racers: [
      racer('sgd', { learningRate: 0.1 }),
      { ...racer('sgd', { learningRate: 0.1 }), noise: { deviation: 1, batchSize: 1 } },
      { ...racer('sgd', { learningRate: 0.1 }), noise: { deviation: 1, batchSize: 16 } },
    ],
    text: t(
      'The same α for all three. Gradient descent goes straight down. SGD, one random sample a step, never rests: it stays in a noise ball around the minimum. A minibatch of 16 has a ball a quarter as wide. The rings hold 95 % of the steps, by theory.',
    ),
  },
  {
    ...on('localMinimum'),
    title: t('Caught in a local minimum'),
    steps: 300,
    racers: everyone(0.01),
    text: t(
      'The hollow on the right is only a local minimum. Gradient descent with α = 0.01 is caught in it; so are AdaGrad and RMSProp. Momentum and Adam arrive with speed, roll through and reach the deep one on the left.',
    ),
  },
  {
    ...on('saddlePoint'),
    title: t('Slow along a saddle'),
    steps: 800,
    racers: everyone(0.01),
    text: t(
      'The start is near a crest of sin x, where the slope along x is small and the one along y large. Gradient descent first does only y, and is last. The optimizers that rescale each axis move along both at once.',
    ),
  },
  {
    ...on('plateau'),
    title: t('Rings of a plateau'),
    steps: 300,
    racers: everyone(0.01),
    text: t(
      'Circular ditches around the deep hole. Gradient descent and AdaGrad stop in the first ditch. AdaGrad’s steps shrink with every squared gradient it has seen; momentum and Adam carry enough speed to cross to the centre.',
    ),
  },
  {
    surface: { kind: 'quadratic', lambda: [1, 30] },
    domain: { x: [-1.5, 2.2], y: [-1.5, 2] },
    title: t('A steep and a flat direction'),
    start: [1.8, 1.5],
    steps: 300,
    racers: [
      racer('sgd', { learningRate: 0.03 }),
      racer('momentum', { learningRate: 0.03 }),
      racer('adagrad', { learningRate: 0.1 }),
      racer('rmsprop', { learningRate: 0.02 }),
      racer('adam', { learningRate: 0.05 }),
    ],
    text: t(
      'The valley is 30 times as steep along y. Gradient descent does y at once and x slowly. RMSProp is blind to direction: it scales both axes to the same size and walks diagonally, whatever the slope; near the minimum its steps do not shrink. AdaGrad’s do, ever more.',
    ),
  },
];
