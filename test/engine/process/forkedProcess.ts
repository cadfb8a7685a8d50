import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { connect, type Channel } from '../../../engine/protocol/channel.ts';
import type { TrainingEvent } from '../../../engine/protocol/events.ts';
import { labEventSchemas, type ExploreEvent, type LabCalls, type LabEvents } from '../../../engine/protocol/lab.ts';
import type { NetworkSample } from '../../../engine/protocol/networkSample.ts';
import { trainerEventSchemas, type TrainerCalls, type TrainerEvents } from '../../../engine/protocol/trainer.ts';
import type { WeightSample } from '../../../engine/protocol/weightSample.ts';
import { root } from '../../../scripts/lib/paths.mjs';

/** A real training process, and all that it has said. */
export class ForkedProcess {
  readonly events: TrainingEvent[] = [];
  readonly explored: ExploreEvent[] = [];
  readonly samples: NetworkSample[] = [];
  readonly weights: WeightSample[] = [];
  readonly dropped: string[] = [];
  heartbeats = 0;
  readonly child: ChildProcess;
  readonly trainer: Channel<TrainerCalls & LabCalls, TrainerEvents & LabEvents>;

  constructor(entry: string) {
    this.child = fork(entry, { serialization: 'advanced', execArgv: [], stdio: ['ignore', 'inherit', 'pipe', 'ipc'] });
    this.child.stderr?.on('data', (text: Buffer) => this.dropped.push(text.toString()));
    this.trainer = connect<TrainerCalls & LabCalls, TrainerEvents & LabEvents>(
      {
        post: message => this.child.send(message as object),
        onMessage: listener => void this.child.on('message', listener),
      },
      {
        events: batch => void this.events.push(...batch),
        network: sample => void this.samples.push(sample),
        weights: sample => void this.weights.push(sample),
        heartbeat: () => {
          this.heartbeats++;
        },
        explored: event => void this.explored.push(event),
      },
      { schemas: { ...trainerEventSchemas, ...labEventSchemas }, onDropped: reason => this.dropped.push(reason) },
    );
  }

  get hasEnded(): boolean {
    return this.events.at(-1)?.event === 'end';
  }
}

export const source = (change: object = {}) => ({
  path: path.join(root, 'examples/test.mlp.json'),
  text: JSON.stringify({
    version: 1,
    data: { source: { kind: 'generator', name: 'moons', samples: 60 } },
    layers: [{ id: 'output', type: 'dense', units: 1, activation: 'sigmoid' }],
    loss: 'binaryCrossEntropy',
    training: { epochs: 5 },
    ...change,
  }),
});

export const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise(resolve => setTimeout(resolve, 5));
};
