import type { ContestantName } from '../../engine/model/experiments/contestants.ts';
import { optimizerSeries, type Marker } from '../kit/optimizerSeries.ts';
import type { ChartSeries } from '../kit/chartTypes.ts';
import { t } from '../kit/language.ts';
import type { SeriesLook } from '../kit/seriesKey.tsx';

type ChartMarker = Pick<ChartSeries, 'marker' | 'markerRotation'>;

const chartMarkers: Readonly<Record<Marker, ChartMarker>> = {
  circle: { marker: 'circle' },
  square: { marker: 'rect' },
  triangle: { marker: 'triangle' },
  triangleDown: { marker: 'triangle', markerRotation: 180 },
  diamond: { marker: 'rectRot' },
  cross: { marker: 'crossRot' },
  pentagon: { marker: 'rectRounded' },
  star: { marker: 'star' },
};

const lookOf = (name: keyof typeof optimizerSeries): SeriesLook => {
  const { color, dash, marker } = optimizerSeries[name];
  return { color, dash, ...chartMarkers[marker] };
};

/** How each contestant looks; the three forms of gradient descent share their colour and differ by dash and sign. */
export const contestantLooks: Readonly<Record<ContestantName, SeriesLook & { readonly short: string }>> = {
  gradientDescent: { ...lookOf('sgd'), short: 'GD' },
  stochastic: { color: '--o-sgd', dash: [1, 3], marker: 'cross', short: 'SGD' },
  minibatch: { color: '--o-sgd', dash: [8, 4], marker: 'rectRounded', short: t('Minibatch') },
  sgd: { ...lookOf('sgd'), short: 'SGD' },
  momentum: { ...lookOf('momentum'), short: 'Momentum' },
  nesterov: { ...lookOf('nesterov'), short: 'Nesterov' },
  adagrad: { ...lookOf('adagrad'), short: 'AdaGrad' },
  rmsprop: { ...lookOf('rmsprop'), short: 'RMSProp' },
  adam: { ...lookOf('adam'), short: 'Adam' },
  adamw: { ...lookOf('adamw'), short: 'AdamW' },
  nadam: { ...lookOf('nadam'), short: 'Nadam' },
  lion: { ...lookOf('lion'), short: 'Lion' },
};
