import { deviceText } from '../../protocol/devices.ts';
import { describeDevices, describeWay } from '../../training/probe.ts';
import { EngineError } from '../../model/errors.ts';
import { readArguments } from '../arguments.ts';

export const usage = 'devices [--json] [--way NAME]';

/** Prints what can compute here, what was tried, and why it lost; of one way alone with `--way`. Answers 0. */
export async function devices(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { json: { type: 'boolean' }, way: { type: 'string' } }, usage);
  if (positionals.length > 0)
    throw new EngineError('wrong-usage', `"devices" takes no file. Usage: mlp-studio ${usage}`);
  const found = await (values.way === undefined ? describeDevices() : describeWay(values.way));
  if (values.json) process.stdout.write(`${JSON.stringify(found)}\n`);
  else
    process.stdout.write(
      `${[found.cpu, ...found.gpu.map(report => `${deviceText(report)} (${report.passed ? 'passed' : 'lost'} in ${String(report.milliseconds)} ms)`)].join('\n')}\n`,
    );
  return 0;
}
