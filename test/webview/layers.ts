import type { DenseLayer, DropoutLayer, Layer, ResidualLayer } from '../../engine/model/schema.ts';

/** Layers as the parser gives them. */
export const dense = (id: string, units: number): DenseLayer => ({
  id,
  type: 'dense',
  units,
  activation: 'tanh',
  initializer: 'glorotUniform',
  bias: true,
  l1: 0,
  l2: 0,
});

export const dropout = (id: string): DropoutLayer => ({ id, type: 'dropout', rate: 0.5 });

export const block = (id: string, layers: Layer[]): ResidualLayer => ({ id, type: 'residual', layers });
