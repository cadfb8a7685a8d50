/** The training process: a file that a host forks. It ends when its host does. */
import { connect, type Port } from '../protocol/channel.ts';
import { trainerCallSchemas, type TrainerCalls, type TrainerEvents } from '../protocol/trainer.ts';
import { Outbox } from './outbox.ts';
import { TrainerService } from './trainerService.ts';

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
const service = new TrainerService(
  event => {
    outbox.add(event);
  },
  sample => {
    void channel.network.asEvent(sample);
  },
);
const channel = connect<TrainerEvents, TrainerCalls>(host, service, {
  schemas: trainerCallSchemas,
  remoteEvents: ['events', 'network', 'heartbeat'],
  onDropped: reason => {
    console.error(`Dropped ${reason}.`);
  },
});

setInterval(() => {
  void channel.heartbeat.asEvent();
}, 1000);
setInterval(() => {
  outbox.flush();
}, 33);
process.once('disconnect', () => process.exit(0));
