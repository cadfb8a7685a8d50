import type { Matrix } from '../backends/backend.ts';
import type { Layer } from '../model/schema.ts';
import { Path } from './path.ts';
import { ResidualBlock } from './residual.ts';

/** What every layer of a path gave in its last forward pass, by full name, inner layers included. */
export function layerOutputs(path: Path, settings: readonly Layer[], prefix = ''): Map<string, Matrix> {
  const outputs = new Map<string, Matrix>();
  settings.forEach((layer, index) => {
    const name = prefix + layer.id;
    outputs.set(name, path.inputOf(index + 1));
    const built = path.layers[index];
    if (layer.type !== 'residual' || !(built instanceof ResidualBlock) || !(built.path instanceof Path)) return;
    for (const [inner, output] of layerOutputs(built.path, layer.layers, `${name}.`)) outputs.set(inner, output);
  });
  return outputs;
}
