import { assertDefined } from '../../landscape/race.ts';
import { surfaceOfFormula, type Surface } from '../../landscape/surface.ts';
import { defaultLambda, quadratic, surfaces } from '../../landscape/surfaces.ts';
import { Walk } from '../../landscape/walk.ts';
import { EngineError } from '../../model/errors.ts';
import { optimizerTypes } from '../../model/optimizerFields.ts';
import { optimizerUnion, type OptimizerSettings } from '../../model/schema.ts';
import { suggestion } from '../../model/suggestion.ts';
import { surfaceNames, surfaceTable, type Point } from '../../model/surfaceTable.ts';
import { defaultStart } from '../../protocol/lab.ts';
import { countOption, readArguments, requiredOption } from '../arguments.ts';

export const usage =
  'race (--surface NAME [--lambda a,b] | --formula TEXT) --optimizer SPEC… [--start x,y] [--steps N] [--stop-gradient G] [--json]\n' +
  `             NAME is one of ${surfaceNames.join(', ')}; --lambda are the curvatures of quadratic (${defaultLambda.join(',')}).\n` +
  '             SPEC is a type (adam) or an optimizer object in JSON, repeated for several; one type given several times\n' +
  '             is called adam#1, adam#2, … in the order given. Without --start the surface’s own start, 100 steps.';

const options = {
  surface: { type: 'string' },
  formula: { type: 'string' },
  lambda: { type: 'string' },
  optimizer: { type: 'string', multiple: true },
  start: { type: 'string' },
  steps: { type: 'string' },
  'stop-gradient': { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** Lets optimizers run over a surface and prints every position. Answers 1 if one of them diverged. */
export const race = (args: readonly string[]): Promise<number> => Promise.resolve().then(() => run(args));

function run(args: readonly string[]): number {
  const { values, positionals } = readArguments(args, options, usage);
  if (positionals[0] !== undefined)
    throw new EngineError('wrong-usage', `"${positionals[0]}" belongs to no option. Usage: mlp-studio ${usage}`);
  const { surface, start: own } = chosen(values);
  const racers = named((values.optimizer ?? [requiredOption('optimizer', undefined, usage)]).map(optimizerOf));
  const start = values.start === undefined ? own : pairOption('start', values.start);
  const steps = countOption('steps', values.steps) ?? 100;
  const stopGradient = values['stop-gradient'];
  const least = stopGradient === undefined ? undefined : numberOption('stop-gradient', stopGradient);
  assertDefined(surface, start);
  let diverged = false;
  for (const [name, optimizer] of racers) {
    const walk = new Walk({ surface, optimizer, start });
    const show = () => {
      const [x = NaN, y = NaN] = walk.position;
      if (values.json)
        print(JSON.stringify({ event: 'position', optimizer: name, step: walk.step, x, y, value: walk.value }));
    };
    show();
    while (walk.step < steps && !walk.rests(least)) {
      const [x = NaN, y = NaN] = walk.position;
      const { value } = walk;
      walk.advance();
      if (!walk.isFinite) {
        diverged = true;
        process.stderr.write(
          `${name} is not finite after step ${walk.step}; before it stood at (${x}, ${y}) with f = ${value}. Lower its learning rate.\n`,
        );
        break;
      }
      show();
    }
    if (!values.json && walk.isFinite) printRow(name, walk);
  }
  return diverged ? 1 : 0;
}

const print = (line: string) => process.stdout.write(`${line}\n`);

function printRow(name: string, { step, position: [x = NaN, y = NaN], value }: Walk): void {
  const figure = (n: number) => n.toPrecision(9).padStart(16);
  print(`${name.padEnd(12)} step ${String(step).padStart(6)}  x ${figure(x)}  y ${figure(y)}  f ${figure(value)}`);
}

interface SurfaceOptions {
  readonly surface?: string | undefined;
  readonly formula?: string | undefined;
  readonly lambda?: string | undefined;
}

function chosen({ surface, formula, lambda }: SurfaceOptions): { surface: Surface; start: Point } {
  if ((surface === undefined) === (formula === undefined))
    throw new EngineError('wrong-usage', `Either --surface or --formula is expected. Usage: mlp-studio ${usage}`);
  if (lambda !== undefined && surface !== 'quadratic')
    throw new EngineError('wrong-usage', '--lambda belongs to --surface quadratic. Leave it out.');
  if (formula !== undefined) return { surface: surfaceOfFormula(formula, '--formula'), start: defaultStart };
  const name = surfaceNames.find(known => known === surface);
  if (!name) {
    const meant = suggestion(surface ?? '', surfaceNames);
    throw new EngineError(
      'wrong-usage',
      `There is no surface "${surface ?? ''}". ${meant ? `Did you mean "${meant}"?` : `There are ${surfaceNames.join(', ')}.`}`,
    );
  }
  const { start } = surfaceTable[name];
  return { surface: lambda === undefined ? surfaces[name] : quadratic(pairOption('lambda', lambda)), start };
}

/** A type, or an optimizer object in JSON. Throws `wrong-usage`. */
function optimizerOf(spec: string): OptimizerSettings {
  const given = spec.trim().startsWith('{') ? jsonOf(spec) : { type: spec };
  const read = optimizerUnion.safeParse(given);
  if (read.success) return read.data;
  const type = typeof given === 'object' && given !== null && 'type' in given ? String(given.type) : '';
  if (!optimizerTypes.some(known => known === type)) {
    const meant = suggestion(type, optimizerTypes);
    throw new EngineError(
      'wrong-usage',
      `There is no optimizer "${type}". ${meant ? `Did you mean "${meant}"?` : `There are ${optimizerTypes.join(', ')}.`}`,
    );
  }
  const { path, message } = read.error.issues[0] ?? { path: [], message: 'is wrong' };
  const where = path.length > 0 ? `"${path.map(String).join('.')}" ` : '';
  throw new EngineError('wrong-usage', `--optimizer ${spec}: ${where}${message}.`);
}

function jsonOf(spec: string): unknown {
  try {
    return JSON.parse(spec) as unknown;
  } catch {
    throw new EngineError(
      'wrong-usage',
      `--optimizer ${spec} is no JSON. Write {"type":"adam","learningRate":0.1}, in single quotes for the shell.`,
    );
  }
}

/** Each optimizer with its name: its type, numbered where there are several of one. */
function named(optimizers: readonly OptimizerSettings[]): (readonly [string, OptimizerSettings])[] {
  return optimizers.map((optimizer, i) => {
    const { type } = optimizer;
    if (optimizers.filter(other => other.type === type).length === 1) return [type, optimizer];
    return [`${type}#${1 + optimizers.slice(0, i).filter(other => other.type === type).length}`, optimizer];
  });
}

function pairOption(name: string, text: string): Point {
  const numbers = text.split(',').map(part => (part.trim() === '' ? NaN : Number(part)));
  const [x, y] = numbers;
  if (numbers.length !== 2 || !Number.isFinite(x) || !Number.isFinite(y))
    throw new EngineError('wrong-usage', `--${name} must be two numbers, for example 1.5,-2, not "${text}".`);
  return [x!, y!];
}

function numberOption(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new EngineError('wrong-usage', `--${name} must be a number from 0 on, not "${text}".`);
  return value;
}
