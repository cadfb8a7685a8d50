import type { Activation } from '../../model/layerFields.ts';
import * as kernels from './kernels/activations.ts';
import { rowProducts } from './kernels/reductions.ts';
import * as rows from './kernels/softmax.ts';
import type { Place } from './launch.ts';
import type { Recorder } from './recorder.ts';

/** output ← σ(preActivation) */
export function activate(recorder: Recorder, activation: Activation, preActivation: Place, output: Place): void {
  if (activation === 'softmax') softmax(recorder, preActivation, output);
  else recorder.emit(kernels.activate(activation), [preActivation], output);
}

/** output ← softmax of each row. Returns max a and Σ e^(a − max) of the rows. */
export function softmax(recorder: Recorder, preActivation: Place, output: Place): { largest: Place; sum: Place } {
  const { columns } = preActivation;
  const largest = recorder.rowVector(preActivation);
  const sum = recorder.rowVector(preActivation);
  recorder.emit(rows.rowMaximum, [preActivation], largest, { columns });
  recorder.emit(rows.rowExponentials, [preActivation, largest], sum, { columns });
  recorder.emit(rows.softmax, [preActivation, largest, sum], output);
  return { largest, sum };
}

/** gradient ← outputGradient ⊙ σ′(preActivation); it may be written over `outputGradient`. */
export function activationGradient(
  recorder: Recorder,
  activation: Activation,
  places: { preActivation: Place; output: Place; outputGradient: Place; gradient: Place },
): void {
  const { preActivation, output, outputGradient, gradient } = places;
  if (activation !== 'softmax') {
    recorder.emit(kernels.activationGradient(activation), [preActivation, output, outputGradient], gradient);
    return;
  }
  const mean = recorder.rowVector(output);
  recorder.emit(rowProducts, [output, outputGradient], mean, { columns: output.columns });
  recorder.emit(rows.softmaxGradient, [output, outputGradient, mean], gradient);
}
