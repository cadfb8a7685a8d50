/** The training process: a file that a host forks. It ends when its host does. Started as a thread, it serves one grid. */
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { serveGrid } from '../landscape/gridWorkers.ts';
import type { LossProblem } from '../landscape/lossAtWeights.ts';
import { connect, type Port } from '../protocol/channel.ts';
import type { DeviceCalls } from '../protocol/deviceCalls.ts';
import { labCallSchemas, type LabCalls, type LabEvents } from '../protocol/lab.ts';
import { trainerCallSchemas, type TrainerCalls, type TrainerEvents } from '../protocol/trainer.ts';
import { LabService } from './labService.ts';
import { Outbox } from './outbox.ts';
import { TrainerService } from './trainerService.ts';

function serveHost(): void {
  const host: Port = {
    // The channel may close between two steps; then nobody is left to tell, and `disconnect` follows.
    post: message => {
      if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
    },
    onMessage: listener => {
      process.on('message', listener);
    },
  };

  const outbox = new Outbox(batch => {
    void channel.events.asEvent(batch);
  });
  const service = new TrainerService({
    event: event => {
      outbox.add(event);
    },
    network: sample => {
      void channel.network.asEvent(sample);
    },
    weights: sample => {
      void channel.weights.asEvent(sample);
    },
    elsewhere: (): DeviceCalls => channel,
  });
  const lab = new LabService(new URL(import.meta.url), event => {
    void channel.explored.asEvent(event);
  });
  const channel = connect<TrainerEvents & LabEvents & DeviceCalls, TrainerCalls & LabCalls>(
    host,
    // Both offer their calls as properties of their own.
    Object.assign({}, service, lab),
    {
      schemas: { ...trainerCallSchemas, ...labCallSchemas },
      remoteEvents: ['events', 'network', 'weights', 'heartbeat', 'explored'],
      onDropped: reason => {
        console.error(`Dropped ${reason}.`);
      },
      // The host lives as long as the process; what a device of its views is asked takes its time.
      timeout: 2 ** 31 - 1,
    },
  );

  setInterval(() => {
    void channel.heartbeat.asEvent();
  }, 1000);
  setInterval(() => {
    outbox.flush();
  }, 33);
  process.once('disconnect', () => process.exit(0));
}

if (isMainThread) serveHost();
else if (parentPort) serveGrid(parentPort, workerData as LossProblem);
