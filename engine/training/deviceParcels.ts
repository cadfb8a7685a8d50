import type { Matrix } from '../backends/backend.ts';
import type { Tensor } from '../export/safetensors.ts';
import type { SentMatrix, SentProbed, SentResults, SentSaved, SentState, SentTensor } from '../protocol/deviceCalls.ts';
import type { DeviceResult, DeviceState, LastStep, ProbedStep } from './stepDevice.ts';

/** What a device is told and tells, packed for a message and unpacked from one. */

/** A device computes in float32, and a view of a larger memory would drag all of it along: so the numbers are copied. */
export const packMatrix = ({ rows, columns, values }: Matrix): SentMatrix => ({
  rows,
  columns,
  values: Float32Array.from(values.subarray(0, rows * columns)),
});

const packTensors = (tensors: ReadonlyMap<string, Tensor>): SentTensor[] =>
  [...tensors].map(([name, { shape, values }]) => ({ name, shape, values: values.slice() }));

const unpackTensors = (tensors: readonly SentTensor[]): Map<string, Tensor> =>
  new Map(tensors.map(({ name, shape, values }) => [name, { shape, values }]));

export const packState = ({ tensors, dropout }: DeviceState): SentState => ({ tensors: packTensors(tensors), dropout });

export const unpackState = ({ tensors, dropout }: SentState): DeviceState => ({
  tensors: unpackTensors(tensors),
  dropout,
});

export const packSaved = ({ lastStep, ...state }: DeviceState & { readonly lastStep?: LastStep }): SentSaved => ({
  ...packState(state),
  ...(lastStep && { lastStep: { gradients: packTensors(lastStep.gradients), outputs: [...lastStep.outputs] } }),
});

export const unpackSaved = ({ lastStep, ...state }: SentSaved): DeviceState & { readonly lastStep?: LastStep } => ({
  ...unpackState(state),
  ...(lastStep && { lastStep: { gradients: unpackTensors(lastStep.gradients), outputs: lastStep.outputs } }),
});

export const packResults = (results: readonly DeviceResult[]): SentResults => ({
  losses: Float64Array.from(results, ({ loss }) => loss),
  totals: Float64Array.from(results, ({ total }) => total),
  outputs: results.map(({ output }) => packMatrix(output)),
});

export const unpackResults = ({ losses, totals, outputs }: SentResults): DeviceResult[] =>
  outputs.map((output, i) => ({ loss: losses[i] ?? NaN, total: totals[i] ?? NaN, output }));

export const packProbed = ({ result, layers, fault }: ProbedStep): SentProbed => ({
  results: packResults([result]),
  layers,
  ...(fault !== undefined && { fault }),
});

/** Nothing where it holds no step. */
export function unpackProbed({ results, layers, fault }: SentProbed): ProbedStep | undefined {
  const [result] = unpackResults(results);
  return result && { result, layers, fault };
}
