import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { EngineError } from '../errors.ts';
import { pathText, type JsonPath } from '../issues.ts';
import { readPath, readValue, type SettingValue, type Variant } from './variant.ts';

/** Runs that one sweep may have. */
export const maximumRuns = 1000;

const scales = ['log', 'linear', 'int'] as const;
type Scale = (typeof scales)[number];

/** A field and the values it takes: a list, or a range with as many points as a grid asks for. */
export type SweepAxis = { readonly path: JsonPath } & (
  | { readonly values: readonly SettingValue[] }
  | { readonly scale: Scale; readonly low: number; readonly high: number; readonly points: number | undefined }
);

const defaultPoints = 5;

/**
 * Reads `optimizer.learningRate=0.01,0.1`, `optimizer.learningRate=log:1e-4..1e-1` or
 * `layers[0].units=int:4..32:8` (eight points). Throws `wrong-usage`.
 */
export function readAxis(text: string): SweepAxis {
  const equals = text.indexOf('=');
  const values = text.slice(equals + 1).trim();
  if (equals < 1 || values === '')
    throw new EngineError(
      'wrong-usage',
      `A sweep needs path=values, for example optimizer.learningRate=0.01,0.1 or optimizer.learningRate=log:1e-4..1e-1, not "${text}".`,
    );
  const path = readPath(text.slice(0, equals).trim());
  const range = /^(\w+):(.+?)\.\.(.+?)(?::(\d+))?$/.exec(values);
  return range ? { path, ...readRange(text, range) } : { path, values: splitValues(values).map(readValue) };
}

function readRange(text: string, [, name, from, to, count]: RegExpExecArray) {
  const scale = scales.find(known => known === name);
  const [low, high] = [Number(from), Number(to)];
  const points = count === undefined ? undefined : Number(count);
  if (!scale || !Number.isFinite(low) || !Number.isFinite(high) || low >= high || (scale === 'log' && low <= 0))
    throw new EngineError(
      'wrong-usage',
      `"${text}" is no range. Write log:1e-4..1e-1, linear:0..0.5 or int:4..32, the smaller number first; a logarithmic range begins above 0.`,
    );
  if (points !== undefined && points < 2)
    throw new EngineError('wrong-usage', `"${text}": a range needs at least 2 points.`);
  return { scale, low, high, points };
}

/** The values of a list; commas within brackets, braces and quotes do not part them. */
function splitValues(text: string): string[] {
  const parts = text.match(/(?:\[[^\]]*\]|\{[^}]*\}|"[^"]*"|[^,])+/g) ?? [];
  return parts.map(part => part.trim());
}

/** The value at a share 0 … 1 of a range. Units: those of the field. */
function valueAt(scale: Scale, low: number, high: number, share: number): number {
  switch (scale) {
    case 'log':
      return Number((low * (high / low) ** share).toPrecision(4));
    case 'linear':
      return Number((low + (high - low) * share).toPrecision(4));
    case 'int':
      return Math.round(low + (high - low) * share);
  }
}

/** The values of an axis in a grid; a logarithmic range has one a decade unless told otherwise. */
function gridValues(axis: SweepAxis): readonly SettingValue[] {
  if ('values' in axis) return axis.values;
  const { scale, low, high } = axis;
  const points = axis.points ?? (scale === 'log' ? Math.max(2, Math.round(Math.log10(high / low)) + 1) : defaultPoints);
  return [...new Set(Array.from({ length: points }, (_, i) => valueAt(scale, low, high, i / (points - 1))))];
}

const nameOf = (i: number): string => `run-${String(i + 1).padStart(3, '0')}`;

const assertFew = (count: number): void => {
  if (count > maximumRuns)
    throw new EngineError(
      'wrong-usage',
      `The sweep has ${String(count)} runs, and ${String(maximumRuns)} are allowed. Give fewer values, or draw some at random.`,
    );
};

/** Every combination of the values, the last axis running fastest. Throws `wrong-usage`. */
export function gridVariants(axes: readonly SweepAxis[]): Variant[] {
  assertDistinct(axes);
  const values = axes.map(gridValues);
  assertFew(values.reduce((product, { length }) => product * length, 1));
  const combinations = values.reduce<SettingValue[][]>(
    (sofar, next) => sofar.flatMap(head => next.map(value => [...head, value])),
    [[]],
  );
  return combinations.map((combination, i) => ({
    name: nameOf(i),
    settings: axes.map(({ path }, k) => ({ path: [...path], value: combination[k] ?? null })),
  }));
}

/** `count` combinations drawn at random: each range evenly on its scale, each list evenly. The same seed draws the same. */
export function randomVariants(axes: readonly SweepAxis[], count: number, seed: number): Variant[] {
  assertDistinct(axes);
  assertFew(count);
  const generator = xoroshiro128plus(seed);
  // The first outputs still resemble the seed.
  for (let i = 0; i < 32; i++) generator.next();
  const draw = (axis: SweepAxis): SettingValue => {
    const share = uniformFloat64(generator);
    if ('values' in axis) return axis.values[Math.floor(share * axis.values.length)] ?? null;
    // Whole numbers are equally likely, the first and the last included.
    if (axis.scale === 'int') return axis.low + Math.floor(share * (axis.high - axis.low + 1));
    return valueAt(axis.scale, axis.low, axis.high, share);
  };
  return Array.from({ length: count }, (_, i) => ({
    name: nameOf(i),
    settings: axes.map(axis => ({ path: [...axis.path], value: draw(axis) })),
  }));
}

function assertDistinct(axes: readonly SweepAxis[]): void {
  const names = axes.map(({ path }) => pathText(path));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new EngineError('wrong-usage', `"${twice}" is swept twice. Give all its values at once.`);
}
