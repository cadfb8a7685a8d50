import type { Tensor, TensorFile } from '../export/safetensors.ts';
import { EngineError } from '../model/errors.ts';
import type { Network } from '../network/network.ts';
import { tensorName, type Parameter, type Statistic } from '../network/parameter.ts';

/** The shape on disk: weight [outputs, inputs], everything else [outputs]. */
const shapeOf = ({ kind, value }: Parameter | Statistic): number[] =>
  kind === 'weight' ? [value.rows, value.columns] : [value.columns];

/** Copies of everything that makes the trained network: parameters and running statistics, by the name of their tensor. */
export const weightTensors = ({ parameters, statistics }: Network): Map<string, Tensor> =>
  new Map(
    [...parameters, ...statistics].map(part => [
      tensorName(part),
      { shape: shapeOf(part), values: part.value.values.slice() },
    ]),
  );

/** The name of a parameter's gradient on disk. */
export const gradientName = (parameter: Parameter): string => `${tensorName(parameter)}.grad`;

/** Copies of all gradients, as `{layerId}.weight.grad`, `{layerId}.bias.grad` and so on. */
export const gradientTensors = ({ parameters }: Network): Map<string, Tensor> =>
  new Map(
    parameters.map(parameter => [
      gradientName(parameter),
      { shape: shapeOf(parameter), values: parameter.gradient.values.slice() },
    ]),
  );

/** Sets every parameter and statistic from a file; gradients in it are passed over. Throws `invalid-weights` before anything is changed. */
export function setWeights({ parameters, statistics }: Network, tensors: TensorFile['tensors'], file: string): void {
  const wanted = new Map([...parameters, ...statistics].map(part => [tensorName(part), part]));
  for (const name of tensors.keys())
    if (!wanted.has(name) && !name.endsWith('.grad'))
      throw new EngineError(
        'invalid-weights',
        `The file holds "${name}", which the model has not. The weights belong to another model.`,
        { file },
      );
  for (const [name, parameter] of wanted) {
    const tensor = tensors.get(name);
    if (!tensor)
      throw new EngineError('invalid-weights', `The file lacks "${name}". The weights belong to another model.`, {
        file,
      });
    const shape = shapeOf(parameter);
    if (tensor.shape.join() !== shape.join())
      throw new EngineError(
        'invalid-weights',
        `"${name}" has the shape [${tensor.shape.join(', ')}] in the file, and [${shape.join(', ')}] in the model. The weights belong to another model.`,
        { file },
      );
    if (!tensor.values.every(Number.isFinite))
      throw new EngineError('invalid-weights', `"${name}" holds numbers that are not finite. Choose another file.`, {
        file,
      });
  }
  for (const [name, parameter] of wanted) parameter.value.values.set(tensors.get(name)?.values ?? []);
}
