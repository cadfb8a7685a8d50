import type { OptimizerSettings } from '../../engine/model/schema.ts';
import type { Point } from '../../engine/model/surfaceTable.ts';
import { surfaceTable } from '../../engine/model/surfaceTable.ts';
import type {
  DirectionKind,
  GradientNoise,
  NoiseMeasurement,
  PathsEvent,
  RaceTrack,
  SurfaceGrid,
} from '../../engine/protocol/lab.ts';
import type { LabModel, LabOrigin } from '../../engine/protocol/views.ts';
import { t, tableText } from '../kit/language.ts';
import { optimizerSeries, seriesOf, type Series, type SeriesName } from '../kit/optimizerSeries.ts';
import { presets, type RaceSetup } from './presets.ts';
import { settingsOf, type Racer } from './racer.ts';
import { noiseBallRadius } from './settle.ts';

/** What the lab looks at: a test surface, the loss of a network, or the noise of its gradients. */
export const labModes = ['surface', 'network', 'noise'] as const;
export type LabMode = (typeof labModes)[number];

export interface NetworkState {
  readonly racers: readonly Racer[];
  readonly directions: DirectionKind;
  /** Epochs of training from the first weights, … */
  readonly epochs: number;
  /** … and from those of a run. */
  readonly furtherEpochs: number;
  /** What can be explored, the likeliest first. */
  readonly origins: readonly LabOrigin[];
  /** The one that the user has chosen. */
  readonly origin: string | undefined;
  readonly running: boolean;
  readonly paths: PathsEvent | undefined;
  readonly grid: SurfaceGrid | undefined;
  readonly coarse: boolean;
  readonly rows: number;
  readonly message: string;
}

export interface NoiseState {
  readonly epochs: number;
  readonly running: boolean;
  readonly measurement: NoiseMeasurement | undefined;
  readonly message: string;
}

export interface LabState {
  readonly mode: LabMode;
  /** The preset taken last, and what it says; both empty once something was changed. */
  readonly preset: string;
  readonly text: string;
  readonly setup: RaceSetup;
  /** The user has entered the optimizers, who stay when the surface changes. */
  readonly ownRacers: boolean;
  readonly selected: number;
  readonly hidden: ReadonlySet<number>;
  readonly tracks: readonly RaceTrack[];
  readonly grid: SurfaceGrid | undefined;
  /** What is wrong with the formula or the start. */
  readonly problem: string;
  readonly asTable: boolean;
  readonly editing: boolean;
  readonly model: LabModel | undefined;
  /** The model that the settings of the network belong to; empty at first. */
  readonly modelUri: string;
  readonly modelProblem: string;
  readonly network: NetworkState;
  readonly noise: NoiseState;
}

const [firstPreset] = presets;
if (!firstPreset) throw new RangeError('The lab has at least one preset.');

export const startState: LabState = {
  mode: 'surface',
  preset: firstPreset.title,
  text: firstPreset.text,
  setup: { ...firstPreset, stopGradient: 0 },
  ownRacers: false,
  selected: 5,
  hidden: new Set(),
  tracks: [],
  grid: undefined,
  problem: '',
  asTable: false,
  editing: false,
  model: undefined,
  modelUri: '',
  modelProblem: '',
  network: {
    racers: [
      { optimizer: settingsOf('sgd', { learningRate: 0.1 }) },
      { optimizer: settingsOf('momentum', { learningRate: 0.05 }) },
      { optimizer: settingsOf('rmsprop', { learningRate: 0.005 }) },
      { optimizer: settingsOf('adam', { learningRate: 0.01 }) },
    ],
    directions: 'paths',
    epochs: 100,
    furtherEpochs: 0,
    origins: [],
    origin: undefined,
    running: false,
    paths: undefined,
    grid: undefined,
    coarse: false,
    rows: 0,
    message: '',
  },
  noise: { epochs: 5, running: false, measurement: undefined, message: '' },
};

/** One optimizer as the pictures and tables show it. */
export interface Entrant {
  readonly index: number;
  readonly name: string;
  readonly racer: Racer;
  readonly series: Series;
  readonly positions: Float64Array;
  /** f at each position; for a network the loss at the weights themselves. */
  readonly values: Float64Array;
  readonly diverged: boolean;
  readonly selected: boolean;
  readonly hidden: boolean;
}

const none = new Float64Array();

/** What the network is looked at around: what the user has chosen, as long as it is there, else the likeliest. */
export const originOf = ({ origins, origin }: NetworkState): LabOrigin | undefined =>
  origins.find(({ id }) => id === origin) ?? origins[0];

/** What the user has entered in the mode at hand; trainings that are followed choose their optimizers themselves. */
export function racersOf({ mode, setup, network }: LabState): readonly Racer[] {
  if (mode === 'surface') return setup.racers;
  return originOf(network)?.kind === 'live' ? [] : network.racers;
}

interface Way {
  readonly racer: Racer;
  /** Empty for one that is called by its optimizer. */
  readonly title: string;
  readonly positions: Float64Array;
  readonly values: Float64Array;
  readonly diverged: boolean;
}

function waysOf(state: LabState): Way[] {
  const { mode, tracks, network } = state;
  if (mode !== 'surface' && network.paths)
    return network.paths.tracks.map(({ title, optimizer, positions, losses, diverged }) => ({
      racer: { optimizer },
      title,
      positions,
      values: losses,
      diverged,
    }));
  return racersOf(state).map((racer, i) => {
    const { positions = none, values = none, diverged = false } = (mode === 'surface' && tracks[i]) || {};
    return { racer, title: '', positions, values, diverged };
  });
}

/** Everybody of the mode at hand, with their ways. */
export function entrantsOf(state: LabState): Entrant[] {
  const { mode, selected, hidden } = state;
  const ways = waysOf(state);
  const series = seriesOf(ways.map(({ racer }) => seriesName(racer.optimizer)));
  const names = namesOf(ways, mode === 'surface');
  return ways.map(({ racer, positions, values, diverged }, index) => ({
    index,
    racer,
    name: names[index] ?? '',
    series: series[index] ?? optimizerSeries.sgd,
    positions,
    values,
    diverged,
    selected: index === selected,
    hidden: hidden.has(index),
  }));
}

const seriesName = (optimizer: OptimizerSettings): SeriesName =>
  optimizer.type === 'momentum' && optimizer.nesterov ? 'nesterov' : optimizer.type;

function nameOf({ optimizer, noise }: Racer, descent: boolean): string {
  if (optimizer.type === 'sgd' && noise) return noise.batchSize === 1 ? 'SGD' : t('Minibatch {0}', noise.batchSize);
  if (optimizer.type === 'sgd' && descent) return 'GD';
  return optimizerSeries[seriesName(optimizer)].title;
}

/** Names that differ: what several have in common is numbered. */
export function namesOf(ways: readonly Pick<Way, 'racer' | 'title'>[], descent: boolean): string[] {
  const names = ways.map(({ racer, title }) => (title === '' ? nameOf(racer, descent) : title));
  return names.map((name, i) =>
    names.filter(other => other === name).length === 1
      ? name
      : `${name} ${1 + names.slice(0, i).filter(other => other === name).length}`,
  );
}

/** The last step of the longest way. */
export const lengthOf = (state: LabState): number =>
  Math.max(0, ...entrantsOf(state).map(({ values }) => values.length - 1));

export const surfaceTitle = ({ surface }: RaceSetup): string =>
  surface.kind === 'named'
    ? tableText(surfaceTable[surface.name].title)
    : surface.kind === 'quadratic'
      ? tableText(surfaceTable.quadratic.title)
      : t('Formula');

/** The lowest points that are known of the surface. */
export function minimaOf({ surface }: RaceSetup): readonly Point[] {
  if (surface.kind === 'named') return surfaceTable[surface.name].minima;
  return surface.kind === 'quadratic' ? surfaceTable.quadratic.minima : [];
}

/** Where noisy gradient descent comes to rest on a round bowl: a circle around the origin. */
export function noiseBallOf({ surface }: RaceSetup, { optimizer, noise }: Racer): number | undefined {
  if (surface.kind !== 'quadratic' || surface.lambda[0] !== surface.lambda[1]) return undefined;
  if (optimizer.type !== 'sgd' || !isNoisy(noise)) return undefined;
  return noiseBallRadius(optimizer.learningRate, surface.lambda[0], noise.deviation, noise.batchSize);
}

const isNoisy = (noise: GradientNoise | undefined): noise is GradientNoise => (noise?.deviation ?? 0) > 0;
