import type { LossName } from '../../model/dataFields.ts';
import type { Activation } from '../../model/layerFields.ts';
import { activationGradient, softmax } from './activations.ts';
import * as kernels from './kernels/losses.ts';
import { mean, rowSum } from './kernels/reductions.ts';
import type { Place } from './launch.ts';
import type { Recorder } from './recorder.ts';

/** What `Operations.loss` is given. */
export interface LossPlaces {
  readonly preActivation: Place;
  readonly output: Place;
  readonly targets: Place;
  readonly gradient: Place;
  readonly mean: Place;
}

/** mean ← the loss; gradient ← ∂L/∂a. `engine/backends/reference/losses.ts` has the formulas. */
export function loss(recorder: Recorder, name: LossName, activation: Activation, places: LossPlaces): void {
  const { preActivation, output, targets, gradient } = places;
  const { rows, columns } = output;
  const count = name === 'crossEntropy' ? rows : rows * columns;
  const rowLosses = recorder.rowVector(output);
  if (kernels.looksAtOutputs(name)) {
    recorder.emit(kernels.rowLosses(name), [output, targets], rowLosses, { columns });
  } else if (name === 'binaryCrossEntropy') {
    recorder.emit(kernels.rowBinaryCrossEntropies, [preActivation, targets], rowLosses, { columns });
  } else {
    const { largest, sum } = softmax(recorder, preActivation, gradient);
    recorder.emit(kernels.rowCrossEntropies, [preActivation, targets, largest, sum], rowLosses, { columns });
  }
  recorder.emit(mean, [rowLosses], places.mean, { count: rows, divisor: count });

  if (activation === 'step' || (name === 'binaryCrossEntropy' && activation === 'sigmoid'))
    recorder.emit(kernels.differenceGradient, [output, targets], gradient, { count });
  else if (name === 'crossEntropy') {
    const mass = recorder.rowVector(targets);
    recorder.emit(rowSum, [targets], mass, { columns });
    recorder.emit(kernels.crossEntropyGradient, [gradient, targets, mass], gradient, { count });
  } else if (kernels.looksAtOutputs(name)) {
    recorder.emit(kernels.outputGradient(name), [output, targets], gradient, { count });
    activationGradient(recorder, activation, { preActivation, output, outputGradient: gradient, gradient });
  }
}
