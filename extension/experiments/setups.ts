import { t } from '@vscode/l10n';
import {
  batchSizeOf,
  contestant,
  contestantNames,
  ownLearningRate,
  type ContestantName,
} from '../../engine/model/experiments/contestants.ts';
import { gridVariants, randomVariants, readAxis } from '../../engine/model/experiments/sweep.ts';
import { textWith, type Variant } from '../../engine/model/experiments/variant.ts';
import { EngineError } from '../../engine/model/errors.ts';
import { parseModel } from '../../engine/model/parse.ts';
import type { BackendName } from '../../engine/model/dataFields.ts';
import type { Model } from '../../engine/model/schema.ts';
import { pathText, type JsonPath } from '../../engine/model/issues.ts';
import { seedsFrom, type ExperimentKind, type ExperimentPlan } from '../../engine/protocol/experiment.ts';
import type {
  ComparisonSetup,
  ExperimentSetup,
  SetupState,
  SweepSetup,
} from '../../engine/protocol/experimentViews.ts';

/** The optimizers of the article; the others can be checked as well. */
const firstChoice: readonly ContestantName[] = [
  'gradientDescent',
  'stochastic',
  'minibatch',
  'momentum',
  'adagrad',
  'rmsprop',
  'adam',
];

/** Everybody but `sgd`, which is one of the first three whatever the batches of the model. */
const offered = contestantNames.filter(name => name !== 'sgd');

/** What is proposed for a model. */
export function firstSetup(kind: ExperimentKind, model: Model): ExperimentSetup {
  if (kind === 'sweep')
    return {
      kind,
      axes: [
        { path: 'optimizer.learningRate', values: 'log:1e-4..1e-1' },
        { path: 'training.batchSize', values: '8, 32' },
      ],
      seeds: 1,
    };
  return {
    kind,
    contestants: offered.map(name => ({
      name,
      checked: firstChoice.includes(name),
      learningRate: ownLearningRate(name, model),
    })),
    rates: 'own',
    sharedRate: model.optimizer.learningRate,
    seeds: 3,
  };
}

/** The setup after the model has changed: a rate that was the model's own still is. */
export function followModel(setup: ExperimentSetup, before: Model, now: Model): ExperimentSetup {
  if (setup.kind === 'sweep' || setup.rates !== 'own') return setup;
  return {
    ...setup,
    contestants: setup.contestants.map(entry =>
      entry.learningRate === ownLearningRate(entry.name, before)
        ? { ...entry, learningRate: ownLearningRate(entry.name, now) }
        : entry,
    ),
  };
}

/** The setup that an experiment was made from, so that it can be run again. */
export function setupOf({ kind, model: text, variants, seeds }: ExperimentPlan, model: Model): ExperimentSetup {
  const proposed = firstSetup(kind, model);
  if (proposed.kind === 'sweep') {
    const paths = [...new Set(variants.flatMap(({ settings }) => settings.map(({ path }) => pathText(path))))];
    const valuesOf = (name: string) =>
      variants.flatMap(({ settings }) =>
        settings.filter(({ path }) => pathText(path) === name).map(({ value }) => JSON.stringify(value)),
      );
    return {
      ...proposed,
      axes: paths.map(path => ({ path, values: [...new Set(valuesOf(path))].join(', ') })),
      seeds: seeds.length,
    };
  }
  const rateOf = (variant: Variant | undefined): number | undefined => {
    const { model: varied } = variant ? parseModel(textWith(text, variant.settings)) : {};
    return varied?.optimizer.learningRate;
  };
  return {
    ...proposed,
    contestants: proposed.contestants.map(entry => {
      const variant = variants.find(({ name }) => name === entry.name);
      return { ...entry, checked: variant !== undefined, learningRate: rateOf(variant) ?? entry.learningRate };
    }),
    seeds: seeds.length,
  };
}

/** What a setup runs. Throws EngineError, naming what is wrong. */
export function planOf(setup: ExperimentSetup, model: Model, text: string): ExperimentPlan {
  const variants = setup.kind === 'comparison' ? contestantsOf(setup, model) : combinationsOf(setup, model, text);
  return {
    kind: setup.kind,
    name: model.name,
    model: text,
    variants,
    seeds: seedsFrom(model.seed, setup.seeds),
  };
}

function contestantsOf({ contestants, rates, sharedRate }: ComparisonSetup, model: Model): Variant[] {
  const checked = contestants.filter(entry => entry.checked);
  if (checked.length === 0) throw new EngineError('wrong-usage', t('Nobody takes part. Check at least one optimizer.'));
  return checked.map(({ name, learningRate }) =>
    contestant(name, model, rates === 'shared' ? sharedRate : learningRate),
  );
}

function combinationsOf({ axes, random }: SweepSetup, model: Model, text: string): Variant[] {
  if (axes.length === 0) throw new EngineError('wrong-usage', t('Nothing varies. Add a field.'));
  const read = axes.map(({ path, values }) => readAxis(`${path}=${values}`));
  const variants = random === undefined ? gridVariants(read) : randomVariants(read, random, model.seed);
  for (const { settings } of variants) {
    const wrong = parseModel(textWith(text, settings)).issues.find(
      ({ severity, code, path }) =>
        severity === 'error' || (code === 'unknown-key' && settings.some(set => pathText(set.path) === pathText(path))),
    );
    if (wrong) throw new EngineError('wrong-usage', wrong.message);
  }
  return variants;
}

/** What a panel shows of a setup and its model. */
export function setupState(
  title: string,
  setup: ExperimentSetup | undefined,
  model: Model | undefined,
  { problem, preferred }: { readonly problem: string | undefined; readonly preferred: BackendName },
): SetupState {
  return {
    title,
    setup,
    backend: model === undefined || model.backend === 'auto' ? preferred : model.backend,
    fields: model && setup?.kind === 'sweep' ? fieldsOf(model) : [],
    batchSizes:
      model && setup?.kind === 'comparison' ? setup.contestants.map(({ name }) => batchSizeOf(name, model)) : [],
    problem,
  };
}

/** Every number, word and flag of a model that a sweep may vary. */
function fieldsOf({ optimizer, training, layers, loss }: Model): { path: string; value: string }[] {
  const found: { path: string; value: string }[] = [];
  const visit = (value: unknown, path: JsonPath): void => {
    if (value !== null && typeof value === 'object')
      for (const [key, inner] of Object.entries(value))
        visit(inner, [...path, Array.isArray(value) ? Number(key) : key]);
    else if (path.at(-1) !== 'id' && path.at(-1) !== 'type') found.push({ path: pathText(path), value: String(value) });
  };
  visit({ optimizer, training, layers, loss }, []);
  return found;
}
