/** Our engine, a step as the trainer does it: gather, loss, gradients, checks, metrics, update. Argument: the backend. */
import { chooseBackend } from '../../engine/backends/choose.ts';
import { backendNames } from '../../engine/model/dataFields.ts';
import { TrainingSession } from '../../engine/training/session.ts';
import { drawnRows, modelOf, targetsOf, type BenchNetwork } from '../networks.ts';
import { serve } from '../serve.ts';
import type { Trainee } from '../protocol.ts';

const backendName = backendNames.find(name => name === process.argv[2]) ?? 'auto';

function prepare(network: BenchNetwork, threads: number): Trainee {
  const { features, labels } = drawnRows(network);
  const inputs = network.widths[0] ?? 1;
  const outputs = network.widths.at(-1) ?? 1;
  const given = { model: modelOf(network), file: 'bench.mlp.json', text: '' };
  const rows = Int32Array.from(labels.keys());
  const data = {
    features: { rows: labels.length, columns: inputs, values: features },
    targets: { rows: labels.length, columns: outputs, values: targetsOf(network, labels) },
    split: { train: rows, validation: new Int32Array(), test: new Int32Array() },
  };
  const { backend } = chooseBackend(backendName, threads);
  const session = new TrainingSession(given, data, backend);
  const metrics = session.newMetrics();
  return {
    step() {
      const { loss, total, output, targets } = session.forwardBackward();
      if (session.divergence(total)) throw new Error('The bench diverged.');
      metrics.add(loss, output, targets);
      session.update();
      if (session.overflow()) throw new Error('The bench diverged.');
    },
    close: () => backend.close(),
  };
}

await serve(prepare);
