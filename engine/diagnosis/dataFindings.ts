import { classOf } from '../data/dataset.ts';
import type { LoadedData } from '../data/load.ts';
import type { Finding } from '../model/issues.ts';
import { leaveOut, remediesFor } from '../model/remedies.ts';
import type { ModelInFile } from '../model/modelInFile.ts';

/** Inputs whose root mean square is above this drown the others and flatten what they reach. */
const largestInput = 30;
/** A correlation with the target that no honest column has. */
const leakingCorrelation = 0.999;
/** Fewer rows than this prove nothing about a column. */
const fewestRows = 20;
/** Columns that share a name but for a number are pixels, or the like: some of them are always blank. */
const seriesLength = 16;
/** The rarest class has less than this share of the most frequent one's rows. */
const rareShare = 0.1;

/** What is wrong with the training rows, as the network gets them. */
export function dataFindings(given: ModelInFile, data: LoadedData): Finding[] {
  return [...largeInputs(given, data), ...columnFindings(given, data), ...imbalance(given, data)];
}

/** A column of the table, or of a generator, with the inputs that stand for it. */
interface Column {
  readonly name: string;
  readonly inputs: readonly number[];
}

function columnsOf({ encoding, featureNames }: LoadedData): Column[] {
  if (!encoding) return featureNames.map((name, i) => ({ name, inputs: [i] }));
  let next = 0;
  return encoding.features.map(feature => {
    const width = feature.kind === 'number' ? 1 : feature.values.length;
    const inputs = Array.from({ length: width }, (_, i) => next + i);
    next += width;
    return { name: feature.name, inputs };
  });
}

const inputValues = ({ features, split }: LoadedData, input: number): Float64Array =>
  Float64Array.from(split.train, row => features.values[row * features.columns + input] ?? 0);

const targetValues = ({ targets, split }: LoadedData, output: number): Float64Array =>
  Float64Array.from(split.train, row => targets.values[row * targets.columns + output] ?? 0);

const classValues = ({ targets, split }: LoadedData): Int32Array =>
  Int32Array.from(split.train, row => classOf(targets, row));

function largeInputs({ model, text }: ModelInFile, data: LoadedData): Finding[] {
  const sizes = columnsOf(data).map(({ name, inputs }) => ({
    name,
    size: Math.max(...inputs.map(input => rootMeanSquare(inputValues(data, input)))),
  }));
  const largest = sizes.reduce((most, next) => (next.size > most.size ? next : most), { name: '', size: 0 });
  if (largest.size <= largestInput) return [];
  return [
    {
      code: 'unnormalized-inputs',
      severity: 'warning',
      message: `The inputs of "${largest.name}" are about ${Number(largest.size.toPrecision(2)).toLocaleString('en-US')} in size. Such inputs flatten what they reach and make every learning rate too large. Normalise them.`,
      path: ['data', 'normalization'],
      remedies: remediesFor('unnormalized-inputs', { model, text }),
    },
  ];
}

const rootMeanSquare = (values: Float64Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / Math.max(1, values.length));

function columnFindings({ model }: ModelInFile, data: LoadedData): Finding[] {
  const { source } = model.data;
  if (source.kind !== 'csv') return [];
  const columns = columnsOf(data);
  const names = columns.map(({ name }) => name);
  const constant = columns.filter(
    ({ name, inputs }) => !isInSeries(name, names) && inputs.every(input => isConstant(inputValues(data, input))),
  );
  const leaking = columns.filter(column => !constant.includes(column) && leaks(data, column));
  const path = source.features ? ['data', 'source', 'features'] : ['data', 'source'];
  const finding = (code: Finding['code'], found: readonly Column[], message: string): Finding[] =>
    found.length === 0
      ? []
      : [
          {
            code,
            severity: 'warning',
            message,
            path,
            // A network needs a column to learn from.
            ...(found.length < names.length && {
              remedies: [
                leaveOut(
                  found.map(({ name }) => name),
                  names,
                ),
              ],
            }),
          },
        ];
  const listed = (found: readonly Column[]) => found.map(({ name }) => `"${name}"`).join(', ');
  return [
    ...finding(
      'leaking-column',
      leaking,
      `${listed(leaking)} tells the target by itself, in every row. Where the target is not known yet it will not be known either. Leave it out.`,
    ),
    ...finding(
      'constant-column',
      constant,
      `${listed(constant)} has one value in all training rows, so there is nothing to learn from it. Leave it out.`,
    ),
  ];
}

const stemOf = (name: string): string => name.replace(/\d+$/, '');

const isInSeries = (name: string, names: readonly string[]): boolean =>
  names.filter(other => other !== stemOf(other) && stemOf(other) === stemOf(name)).length >= seriesLength;

const isConstant = (values: Float64Array): boolean => values.every(value => value === values[0]);

/**
 * Whether a column alone gives the target away: it has no more values than there are classes and each of them stands
 * for one class, or it is the target but for its scale: |r| ≥ 0.999.
 */
function leaks(data: LoadedData, { inputs }: Column): boolean {
  if (data.split.train.length < fewestRows) return false;
  const isClass = data.classes.length > 0;
  if (isClass && tellsClasses(data, inputs)) return true;
  // A regression on one column may well be a straight line.
  if (!isClass && data.features.columns === 1) return false;
  const targets = isClass
    ? [Float64Array.from(classValues(data))]
    : Array.from({ length: data.targets.columns }, (_, output) => targetValues(data, output));
  return inputs.some(input =>
    targets.some(target => Math.abs(correlation(inputValues(data, input), target)) >= leakingCorrelation),
  );
}

function tellsClasses(data: LoadedData, inputs: readonly number[]): boolean {
  const classes = classValues(data);
  const classByValue = new Map<string, number>();
  const columns = inputs.map(input => inputValues(data, input));
  for (const [row, actual] of classes.entries()) {
    const value = columns.map(column => column[row]).join();
    const known = classByValue.get(value);
    if (known !== undefined && known !== actual) return false;
    classByValue.set(value, actual);
    if (classByValue.size > data.classes.length) return false;
  }
  return classByValue.size > 1;
}

/** r = Σ(x−x̄)(y−ȳ) / √(Σ(x−x̄)² Σ(y−ȳ)²); 0 where one of them does not vary. */
function correlation(x: Float64Array, y: Float64Array): number {
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(x), mean(y)];
  let [xy, xx, yy] = [0, 0, 0];
  for (const [i, value] of x.entries()) {
    const [dx, dy] = [value - meanX, (y[i] ?? 0) - meanY];
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0;
}

function imbalance({ model, text }: ModelInFile, data: LoadedData): Finding[] {
  if (data.classes.length === 0) return [];
  const counts = data.classes.map(() => 0);
  for (const actual of classValues(data)) counts[actual] = (counts[actual] ?? 0) + 1;
  const most = Math.max(...counts);
  const fewest = Math.min(...counts);
  if (fewest >= rareShare * most) return [];
  const name = data.classes[counts.indexOf(fewest)] ?? '';
  return [
    {
      code: 'class-imbalance',
      severity: 'warning',
      message: `The class "${name}" has ${String(fewest)} training rows, the most frequent one ${String(most)}. A network that never says "${name}" is nearly always right: look at recall and F1, keep the class in every part of the split, or add rows of it.`,
      path: ['data'],
      remedies: remediesFor('class-imbalance', { model, text }),
    },
  ];
}
