import { referenceBackend } from '../../backends/reference/reference.ts';
import { chooseBackend } from '../../backends/choose.ts';
import { EngineError } from '../../model/errors.ts';
import { deviceText } from '../../protocol/devices.ts';
import { onBackend } from '../../training/deviceSession.ts';
import { measureDevice, measureHost, stepText } from '../../training/measureStep.ts';
import { probe } from '../../training/probe.ts';
import { readData } from '../../training/readData.ts';
import { countOption, onePositional, readArguments } from '../arguments.ts';
import { readModelFile } from '../modelFile.ts';

export const usage = 'bench MODEL [--threads N] [--json]';

interface Timing {
  readonly backend: string;
  readonly device: string;
  readonly millisecondsPerStep: number;
}

/** Times training steps of a model on everything that can compute here. Answers 0. */
export async function bench(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    { threads: { type: 'string' }, json: { type: 'boolean' } },
    usage,
  );
  const source = readModelFile(onePositional(positionals, usage), []);
  const data = await readData({ source, emit: () => undefined });
  const tell = (timing: Timing) => {
    const { backend, device, millisecondsPerStep } = timing;
    process.stdout.write(
      values.json
        ? `${JSON.stringify(timing)}\n`
        : `${stepText(millisecondsPerStep).padEnd(18)}${backend.padEnd(11)}${device}\n`,
    );
  };
  const cpu = chooseBackend('auto', countOption('threads', values.threads));
  for (const backend of [referenceBackend, cpu.backend])
    tell({ backend: backend.name, device: backend.device, millisecondsPerStep: measureHost(source, data, backend) });
  const { passed, reports } = await probe();
  for (const rung of passed)
    try {
      const millisecondsPerStep = await measureDevice(source, data, onBackend(rung.open));
      tell({ backend: 'gpu', device: deviceText(rung), millisecondsPerStep });
    } catch (error) {
      process.stderr.write(`${rung.rung} is not timed: ${EngineError.from(error).message}\n`);
    }
  if (passed.length === 0 && !values.json) process.stdout.write(`no GPU (${reports.map(deviceText).join('; ')})\n`);
  return 0;
}
