import { walkLayers } from '../model/layerTree.ts';
import type { Model } from '../model/schema.ts';

/** Kernels of a step of plain gradient descent: those of the batch and the loss, and those of each dense layer. Everything else adds to them. */
const kernelsOfStep = 5;
const kernelsOfLayer = 8;

/**
 * Milliseconds that telling a device of one kernel takes at least. gpu.js does that for each by itself, on the processor; measured were 40 to
 * 45 µs over Dawn and 29 to 35 µs over headless-gl, whatever the network, and a faster processor may need a third of it.
 */
const telling = 0.01;

export interface LeastOnDevice {
  readonly kernels: number;
  readonly milliseconds: number;
}

/** What a step costs on any device, however fast that computes:  kernels ≥ 5 + 8 · dense layers,  time ≥ kernels · 10 µs. */
export function leastOnDevice({ layers }: Pick<Model, 'layers'>): LeastOnDevice {
  const dense = [...walkLayers(layers)].filter(({ layer }) => layer.type === 'dense').length;
  const kernels = kernelsOfStep + kernelsOfLayer * dense;
  return { kernels, milliseconds: kernels * telling };
}
