import type { Model } from '../schema.ts';
import { EngineError } from '../errors.ts';
import { defaultOf } from '../fields.ts';
import { optimizerFields, type OptimizerType } from '../optimizerFields.ts';
import { suggestion } from '../suggestion.ts';
import type { Setting, SettingValue, Variant } from './variant.ts';

/** Rows per update of a minibatch where the model names no number of its own. */
const minibatchRows = 32;

interface ContestantRow {
  readonly title: string;
  readonly type: OptimizerType;
  /** Rows per update; without it the model's own. */
  readonly batchSize?: 'full' | 'one' | 'some';
  /** Hyperparameters that make the contestant what it is. */
  readonly fields?: Readonly<Record<string, SettingValue>>;
}

/**
 * Who can enter a comparison. Gradient descent, stochastic gradient descent and its minibatch form
 * are one update rule with different batch sizes, so a contestant is a rule together with its batches.
 */
const rows = {
  gradientDescent: { title: 'Gradient descent', type: 'sgd', batchSize: 'full' },
  stochastic: { title: 'Stochastic gradient descent', type: 'sgd', batchSize: 'one' },
  minibatch: { title: 'Minibatch gradient descent', type: 'sgd', batchSize: 'some' },
  sgd: { title: 'SGD', type: 'sgd' },
  momentum: { title: 'Momentum', type: 'momentum', fields: { nesterov: false } },
  nesterov: { title: 'Nesterov', type: 'momentum', fields: { nesterov: true } },
  adagrad: { title: 'AdaGrad', type: 'adagrad' },
  rmsprop: { title: 'RMSProp', type: 'rmsprop' },
  adam: { title: 'Adam', type: 'adam' },
  adamw: { title: 'AdamW', type: 'adamw' },
  nadam: { title: 'Nadam', type: 'nadam' },
  lion: { title: 'Lion', type: 'lion' },
} as const satisfies Record<string, ContestantRow>;

export type ContestantName = keyof typeof rows;
export const contestantRows: Readonly<Record<ContestantName, ContestantRow>> = rows;
export const contestantNames = Object.keys(rows) as readonly ContestantName[];

/** The contestant of this name. Throws `wrong-usage`, saying which was meant. */
export function contestantNamed(name: string): ContestantName {
  const known = contestantNames.find(candidate => candidate === name.trim());
  if (known) return known;
  const meant = suggestion(name, contestantNames);
  throw new EngineError(
    'wrong-usage',
    `There is no optimizer "${name}". ${meant ? `Did you mean "${meant}"?` : `There are ${contestantNames.join(', ')}.`}`,
  );
}

/** Rows per update of a contestant on this model. */
export function batchSizeOf(name: ContestantName, { training: { batchSize } }: Model): number | 'full' {
  switch (contestantRows[name].batchSize) {
    case 'full':
      return 'full';
    case 'one':
      return 1;
    case 'some':
      return batchSize === 'full' || batchSize === 1 ? minibatchRows : batchSize;
    default:
      return batchSize;
  }
}

/** The learning rate of the model's text for its own optimizer, else the default of the optimizer. */
export function ownLearningRate(name: ContestantName, { optimizer }: Model): number {
  const { type } = contestantRows[name];
  return type === optimizer.type
    ? optimizer.learningRate
    : Number(defaultOf(optimizerFields[type].learningRate, optimizer.form));
}

/** The model with a contestant as its optimizer. Its own optimizer keeps its settings; another takes the defaults of the same form. */
export function contestant(name: ContestantName, model: Model, learningRate = ownLearningRate(name, model)): Variant {
  const { type, fields = {} } = contestantRows[name];
  const { form } = model.optimizer;
  const chosen = { learningRate, ...fields };
  const optimizer: Setting[] =
    type === model.optimizer.type
      ? Object.entries(chosen).map(([field, value]) => ({ path: ['optimizer', field], value }))
      : [{ path: ['optimizer'], value: { type, ...(form !== 'article' && { form }), ...chosen } }];
  const batchSize = batchSizeOf(name, model);
  const batches: Setting[] =
    batchSize === model.training.batchSize ? [] : [{ path: ['training', 'batchSize'], value: batchSize }];
  return { name, settings: [...optimizer, ...batches] };
}
