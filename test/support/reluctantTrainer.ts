/**
 * A training process that answers as one does that measures its devices or stands in a long step: `start` and `stop` at
 * once, `pause` and `resume` only when it is asked to stop, and it never ends its run.
 */
interface Call {
  readonly m: string;
  readonly i?: string;
}

const late: Call[] = [];
const answer = ({ i }: Call) => {
  process.send?.({ t: 's', i, r: { step: 0 } });
};

process.on('message', (call: Call) => {
  if (call.m === 'pause' || call.m === 'resume') {
    late.push(call);
    return;
  }
  answer(call);
  if (call.m === 'start') {
    const event = { event: 'warning', code: 'device', message: 'Begun.' };
    process.send?.({ t: 'q', m: 'events', a: [[event]] });
  }
  if (call.m === 'stop') late.splice(0).forEach(answer);
});
process.once('disconnect', () => process.exit(0));
