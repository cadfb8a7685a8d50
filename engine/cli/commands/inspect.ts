import { checkGradients } from '../../training/gradientCheck.ts';
import { evaluateWeights, predictCsv } from '../../training/predict.ts';
import { onePositional, readArguments, requiredOption } from '../arguments.ts';
import { readModelFile, readSetting } from '../modelFile.ts';

const options = {
  json: { type: 'boolean' },
  weights: { type: 'string' },
  input: { type: 'string' },
  init: { type: 'string' },
  set: { type: 'string', multiple: true },
} as const;

const print = (line: string) => process.stdout.write(`${line}\n`);

export const evaluateUsage = 'evaluate MODEL --weights F [--json]';

/** Prints loss and metrics of each split. */
export async function evaluate(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, options, evaluateUsage);
  const file = onePositional(positionals, evaluateUsage);
  const weights = requiredOption('weights', values.weights, evaluateUsage);
  const model = readModelFile(file, (values.set ?? []).map(readSetting));
  const metrics = await evaluateWeights(model, weights);
  if (values.json) print(JSON.stringify(metrics));
  else
    for (const [split, { confusion, ...measured }] of Object.entries(metrics)) {
      const figures = Object.entries(measured).map(([name, value]) => `${name} ${String(value)}`);
      print(`${split.padEnd(10)} ${figures.join('  ')}`);
      if (confusion) printConfusion(confusion);
    }
  return 0;
}

/** A row for each class as it is, a column for each as it was predicted. */
function printConfusion(confusion: readonly (readonly number[])[]): void {
  const width = Math.max(...confusion.flat().map(count => String(count).length)) + 1;
  for (const row of confusion) print(`           ${row.map(count => String(count).padStart(width)).join('')}`);
}

export const predictUsage = 'predict MODEL --weights F --input CSV [--json]';

/** Prints a prediction for each row: CSV, or one JSON object a line. */
export async function predict(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, options, predictUsage);
  const file = onePositional(positionals, predictUsage);
  const weights = requiredOption('weights', values.weights, predictUsage);
  const input = requiredOption('input', values.input, predictUsage);
  const model = readModelFile(file, (values.set ?? []).map(readSetting));
  const predictions = await predictCsv(model, weights, input);
  if (values.json) {
    for (const prediction of predictions) print(JSON.stringify(prediction));
    return 0;
  }
  const [first] = predictions;
  if (!first) return 0;
  const names = Object.keys(first.outputs);
  print([...(first.class === undefined ? [] : ['class']), ...names].map(csvCell).join(','));
  for (const { class: predicted, outputs } of predictions)
    print(
      [...(predicted === undefined ? [] : [csvCell(predicted)]), ...names.map(name => String(outputs[name]))].join(','),
    );
  return 0;
}

export const gradcheckUsage = 'gradcheck MODEL [--init F] [--json]';

/** Largest relative error that a right gradient shows in float64. */
const tolerance = 1e-7;

/** Prints how far each tensor's gradient is from central differences. Answers 1 if one is wrong. */
export async function gradcheck(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, options, gradcheckUsage);
  const file = onePositional(positionals, gradcheckUsage);
  const model = readModelFile(file, (values.set ?? []).map(readSetting));
  const checks = await checkGradients(model, values.init);
  for (const { tensor, checked, relativeError } of checks) {
    const ok = relativeError <= tolerance;
    print(
      values.json
        ? JSON.stringify({ tensor, checked, relativeError, ok })
        : `${ok ? 'ok   ' : 'WRONG'} ${tensor.padEnd(24)} ${relativeError.toExponential(2)} relative error over ${String(checked)} entries`,
    );
  }
  return checks.every(({ relativeError }) => relativeError <= tolerance) ? 0 : 1;
}

const csvCell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
