import * as kernels from './kernels/norms.ts';
import { columnProducts, columnSums, rowScaled, rowScaledProducts } from './kernels/reductions.ts';
import type { Place } from './launch.ts';
import type { Recorder } from './recorder.ts';

/** `Operations` says what these compute, `engine/backends/reference/norms.ts` how. */

export function columnMoments(recorder: Recorder, input: Place, mean: Place, variance: Place): void {
  const { rows } = input;
  recorder.emit(kernels.columnMeans, [input], mean, { rows });
  recorder.emit(kernels.columnVariances, [input, mean], variance, { rows });
}

export function rowMoments(recorder: Recorder, input: Place, mean: Place, variance: Place): void {
  const { columns } = input;
  recorder.emit(kernels.rowMeans, [input], mean, { columns });
  recorder.emit(kernels.rowVariances, [input, mean], variance, { columns });
}

export interface NormPlaces {
  readonly input: Place;
  readonly mean: Place;
  readonly variance: Place;
  readonly epsilon: number;
  readonly scale: Place;
  readonly shift: Place;
  readonly normalized: Place;
  readonly output: Place;
}

export function normalize(recorder: Recorder, axis: 'columns' | 'rows', places: NormPlaces): void {
  const { input, mean, variance, epsilon, scale, shift, normalized, output } = places;
  recorder.emit(kernels.normalize(axis), [input, mean, variance, epsilon], normalized);
  recorder.emit(kernels.affine, [normalized, scale, shift], output);
}

export interface NormGradientPlaces {
  readonly outputGradient: Place;
  readonly normalized: Place;
  readonly variance: Place;
  readonly epsilon: number;
  readonly scale: Place;
  readonly inputGradient: Place;
  readonly scaleGradient: Place;
  readonly shiftGradient: Place;
}

export function normalizeGradient(recorder: Recorder, axis: 'columns' | 'rows', places: NormGradientPlaces): void {
  const { outputGradient, normalized, variance, epsilon, scale, inputGradient, scaleGradient, shiftGradient } = places;
  const { rows, columns } = outputGradient;
  recorder.emit(columnSums, [outputGradient], shiftGradient, { rows });
  recorder.emit(columnProducts, [outputGradient, normalized], scaleGradient, { rows });
  if (axis === 'columns') {
    const inputs = [outputGradient, normalized, variance, scale, shiftGradient, scaleGradient, epsilon];
    recorder.emit(kernels.normalizeColumnsGradient, inputs, inputGradient, { rows });
    return;
  }
  const [sum, product] = [recorder.rowVector(outputGradient), recorder.rowVector(outputGradient)];
  recorder.emit(rowScaled, [outputGradient, scale], sum, { columns });
  recorder.emit(rowScaledProducts, [outputGradient, normalized, scale], product, { columns });
  const inputs = [outputGradient, normalized, variance, scale, sum, product, epsilon];
  recorder.emit(kernels.normalizeRowsGradient, inputs, inputGradient, { columns });
}
