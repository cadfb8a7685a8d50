import { deviceText } from '../../protocol/devices.ts';
import { describeDevices } from '../../training/probe.ts';
import { EngineError } from '../../model/errors.ts';
import { readArguments } from '../arguments.ts';

export const usage = 'devices [--json]';

/** Prints what can compute here, what was tried, and why it lost. Answers 0. */
export async function devices(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { json: { type: 'boolean' } }, usage);
  if (positionals.length > 0)
    throw new EngineError('wrong-usage', `"devices" takes no file. Usage: mlp-studio ${usage}`);
  const found = await describeDevices();
  if (values.json) process.stdout.write(`${JSON.stringify(found)}\n`);
  else
    process.stdout.write(
      `${[found.cpu, ...found.gpu.map(report => `${deviceText(report)} (${report.passed ? 'passed' : 'lost'} in ${String(report.milliseconds)} ms)`)].join('\n')}\n`,
    );
  return 0;
}
