import { referenceBackend } from '../backends/reference/reference.ts';
import { loadData, type LoadedData } from '../data/load.ts';
import { Random } from '../data/random.ts';
import { EngineError } from '../model/errors.ts';
import type { ModelInFile } from '../model/modelInFile.ts';
import type { Layer } from '../model/schema.ts';
import { flat, setFlat } from '../network/flatWeights.ts';
import { Network } from '../network/network.ts';
import type { NoiseMeasurement, NoiseRequest } from '../protocol/lab.ts';
import { requireModel } from '../training/readModelFile.ts';
import { TrainingSession } from '../training/session.ts';
import { assertFits } from '../training/fits.ts';

/** Rows whose gradients are kept, and numbers in all of them together, at most. */
const mostRows = 512;
const mostNumbers = 8e6;
const draws = 200;
const sliceMilliseconds = 10;

/**
 * How noisy the gradient of a minibatch is, after some training: predicted from the gradients of
 * single rows, and measured by drawing batches with replacement, as the article's SGD does.
 *
 *     g = (1/N) Σ gᵢ      tr Σ = (1/N) Σ ‖gᵢ − g‖²      predicted:  E‖g_b − g‖² = tr Σ / b
 *
 * Dropout is left out: its noise is not that of the rows. Throws as a training does, and
 * `wrong-usage` for batch norm, under which a row has no gradient of its own.
 */
export async function measureGradientNoise({ source, epochs }: NoiseRequest): Promise<NoiseMeasurement> {
  const given = requireModel(source.text, source.path);
  const data = await loadData(given);
  assertFits(given, data);
  const gradients = await rowGradients(given, data, epochs);
  const size = gradients[0]?.length ?? 0;
  const mean = new Float64Array(size);
  for (const gradient of gradients) add(mean, gradient, 1 / gradients.length);
  const covarianceTrace =
    gradients.reduce((sum, gradient) => sum + squaredDistance(gradient, mean), 0) / gradients.length;
  const random = new Random(given.model.seed, 'gradientNoise');
  const batches: NoiseMeasurement['batches'][number][] = [];
  for (let batch = 1; batch <= gradients.length; batch *= 2) {
    batches.push({
      size: batch,
      measured: spread(gradients, mean, batch, random),
      predicted: covarianceTrace / batch,
    });
    await breath();
  }
  return {
    rows: gradients.length,
    parameters: size,
    gradientSquared: squaredDistance(mean, new Float64Array(size)),
    covarianceTrace,
    draws,
    batches,
  };
}

/** Trains for some epochs, then computes the gradient of each row alone. */
async function rowGradients(given: ModelInFile, data: LoadedData, epochs: number): Promise<Float64Array[]> {
  const { model } = given;
  const session = new TrainingSession(given, data, referenceBackend);
  if (session.network.statistics.length > 0)
    throw new EngineError(
      'wrong-usage',
      'Batch norm mixes the rows of a batch, so that a row has no gradient of its own. Use layer norm, or leave it out.',
    );
  let sliceEnd = performance.now() + sliceMilliseconds;
  while (session.step < epochs * session.plan.stepsPerEpoch) {
    const { total } = session.forwardBackward();
    if (session.divergence(total))
      throw new EngineError(
        'diverged',
        'The training diverged before the gradients could be measured. Lower the learning rate.',
      );
    session.update();
    if (performance.now() < sliceEnd) continue;
    await breath();
    sliceEnd = performance.now() + sliceMilliseconds;
  }
  const network = new Network(
    referenceBackend,
    { layers: withoutDropout(model.layers), loss: model.loss },
    data.features.columns,
    1,
  );
  setFlat(network.parameters, flat(session.network.parameters));
  const size = flat(network.parameters).length;
  const rows = data.split.train.subarray(0, Math.max(2, Math.min(mostRows, Math.floor(mostNumbers / size))));
  const input = referenceBackend.allocate(1, data.features.columns);
  const target = referenceBackend.allocate(1, data.targets.columns);
  return Array.from(rows, (_, i) => {
    referenceBackend.gather(data.features, rows.subarray(i, i + 1), input);
    referenceBackend.gather(data.targets, rows.subarray(i, i + 1), target);
    network.lossAndGradients(input, target);
    return flat(network.parameters.map(({ gradient }) => ({ value: gradient })));
  });
}

const withoutDropout = (layers: readonly Layer[]): Layer[] =>
  layers
    .filter(({ type }) => type !== 'dropout')
    .map(layer => (layer.type === 'residual' ? { ...layer, layers: withoutDropout(layer.layers) } : layer));

/** Mean over many draws of ‖g_b − g‖². */
function spread(gradients: readonly Float64Array[], mean: Float64Array, batch: number, random: Random): number {
  let sum = 0;
  for (let draw = 0; draw < draws; draw++) {
    const drawn = new Float64Array(mean.length);
    for (let i = 0; i < batch; i++) add(drawn, gradients[random.below(gradients.length)]!, 1 / batch);
    sum += squaredDistance(drawn, mean) / draws;
  }
  return sum;
}

function add(to: Float64Array, from: Float64Array, factor: number): void {
  for (let k = 0; k < to.length; k++) to[k]! += factor * from[k]!;
}

function squaredDistance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k]! - b[k]!) ** 2;
  return sum;
}

const breath = () => new Promise(resolve => setImmediate(resolve));
