import { createInterface } from 'node:readline';
import type { Prepare, Request, Trainee } from './protocol.ts';

/** The child's side of the protocol. */
export async function serve(prepare: Prepare): Promise<void> {
  let trainee: Trainee | undefined;
  for await (const line of createInterface(process.stdin)) {
    const request = JSON.parse(line) as Request;
    if (request.do === 'prepare') {
      trainee?.close();
      trainee = await prepare(request.network, request.threads);
      answer(trainee ? 0 : -1);
    } else answer(trainee ? await time(trainee, request.steps) : -1);
  }
  trainee?.close();
}

const answer = (number: number) => process.stdout.write(`${number}\n`);

async function time(trainee: Trainee, steps: number): Promise<number> {
  const started = performance.now();
  for (let step = 0; step < steps; step++) {
    const done = trainee.step();
    // A peer that computes at once must not pay for waiting.
    if (done) await done;
  }
  return (performance.now() - started) / 1000;
}
