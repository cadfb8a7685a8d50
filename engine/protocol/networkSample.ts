import * as z from 'zod';

/** Points along one side of the square of inputs that a node's picture covers. */
export const pictureSize = 16;

const finite = z.number();

/** What the drawn nodes of one layer hold at one moment; see `drawnUnits` for which nodes are drawn. */
export const layerSampleSchema = z.strictObject({
  /** Full name of the layer, blocks included. */
  name: z.string(),
  inputs: z.int(),
  outputs: z.int(),
  /** Drawn outputs × drawn inputs, row by row; empty for a layer that is not dense. */
  weights: z.array(finite),
  weightGradients: z.array(finite),
  /** Largest |weight| of the whole layer, drawn or not. */
  largestWeight: finite,
  /** One for each drawn output; empty without biases. */
  biases: z.array(finite),
  biasGradients: z.array(finite),
  /** Mean output of each drawn node over a few training rows. */
  activations: z.array(finite),
  /**
   * With two inputs: the output of each drawn node over the square of inputs, `pictureSize`² numbers from
   * −127 to 127 each, first row at the top.
   */
  pictures: z.array(z.array(z.int().min(-127).max(127)).length(pictureSize ** 2)),
});
export type LayerSample = z.infer<typeof layerSampleSchema>;

export const networkSampleSchema = z.strictObject({
  step: z.int().min(0),
  epoch: z.number().min(0),
  layers: z.array(layerSampleSchema).max(4000),
});
export type NetworkSample = z.infer<typeof networkSampleSchema>;
