import { referenceBackend } from '../backends/reference/reference.ts';
import type { LoadedData } from '../data/load.ts';
import { Random } from '../data/random.ts';
import { EngineError } from '../model/errors.ts';
import { flat } from '../network/flatWeights.ts';
import { Network } from '../network/network.ts';
import { tensorName } from '../network/parameter.ts';
import { dataSha256, weightsSha256 } from '../training/describeRun.ts';
import { readKeptWeights } from '../training/keptWeights.ts';
import { firstEvent, type ResumableRun } from '../training/resume.ts';
import { setWeights } from '../training/weights.ts';
import type { NetworkPoint } from './lossAtWeights.ts';
import type { PathOwner } from './weightPath.ts';

/** What a run has kept of its way through weight space. */
export interface StoredWay {
  readonly owner: PathOwner;
  /** First weights, checkpoints and result, as far as they are known, in their order. */
  readonly points: readonly (NetworkPoint & { readonly epoch: number })[];
  /** Where it stands, or ended. */
  readonly last: NetworkPoint;
  readonly note: string;
}

/**
 * Reads the weights that a run has kept. Its first ones are drawn again from its seed, and taken if they have the hash
 * that it began with. Throws `invalid-weights` when there are none.
 */
export function readStoredWay({ folder, record, source }: ResumableRun, data: LoadedData, title: string): StoredWay {
  const { model } = source;
  const network = new Network(referenceBackend, model, data.features.columns, 1);
  const points = new Map<number, NetworkPoint & { readonly epoch: number }>();
  const keep = (step: number, epoch: number) =>
    points.set(step, { epoch, weights: flat(network.parameters), statistics: flat(network.statistics) });
  const start = firstEvent(folder);
  network.initialize(new Random(record.seed, 'initializer'));
  const drawn = network.parameters.map(({ value: { values } }) =>
    record.backend === 'reference' ? values : Float32Array.from(values),
  );
  if (start?.event === 'start' && start.initialWeightsSha256 === weightsSha256(drawn)) keep(0, 0);
  const names = [...network.parameters, ...network.statistics].map(tensorName);
  for (const { step, epoch, tensors, file } of readKeptWeights(folder, record)) {
    const own = names.flatMap(name => {
      const tensor = tensors.get(name);
      return tensor ? [[name, tensor] as const] : [];
    });
    setWeights(network, new Map(own), file);
    keep(step, epoch);
  }
  const ordered = [...points].sort(([a], [b]) => a - b).map(([, point]) => point);
  const last = ordered.at(-1);
  if (!last)
    throw new EngineError(
      'invalid-weights',
      'This run has kept no weights yet. Choose another, or the first weights.',
      {
        file: folder,
      },
    );
  return {
    owner: { title, optimizer: model.optimizer },
    points: ordered,
    last,
    note: [
      `Between the ${ordered.length} weights that the run has kept its way is drawn straight.`,
      ...(dataSha256(data) === record.dataSha256 ? [] : ['The data have changed since.']),
    ].join(' '),
  };
}
