import type { OptimizerType } from '../../engine/model/optimizerFields.ts';

export const markers = [
  'circle',
  'square',
  'triangle',
  'diamond',
  'cross',
  'triangleDown',
  'pentagon',
  'star',
] as const;
export type Marker = (typeof markers)[number];

/** How an optimizer looks in every chart, trail and table: colour, dash and marker, so that no one of them has to be seen. */
export interface Series {
  /** A variable of the theme. */
  readonly color: string;
  readonly dash: readonly number[];
  readonly marker: Marker;
}

export type SeriesName = OptimizerType | 'nesterov';

export const optimizerSeries: Readonly<Record<SeriesName, Series & { readonly title: string }>> = {
  sgd: { title: 'SGD', color: '--o-sgd', dash: [], marker: 'circle' },
  momentum: { title: 'Momentum', color: '--o-momentum', dash: [7, 3], marker: 'square' },
  nesterov: { title: 'Nesterov', color: '--o-nesterov', dash: [2, 3], marker: 'triangle' },
  adagrad: { title: 'AdaGrad', color: '--o-adagrad', dash: [10, 3, 2, 3], marker: 'diamond' },
  rmsprop: { title: 'RMSProp', color: '--o-rmsprop', dash: [5, 2], marker: 'cross' },
  adam: { title: 'Adam', color: '--o-adam', dash: [], marker: 'circle' },
  adamw: { title: 'AdamW', color: '--o-adamw', dash: [12, 4], marker: 'triangleDown' },
  nadam: { title: 'Nadam', color: '--o-nadam', dash: [4, 2, 1, 2], marker: 'pentagon' },
  lion: { title: 'Lion', color: '--o-lion', dash: [1, 2], marker: 'star' },
};
