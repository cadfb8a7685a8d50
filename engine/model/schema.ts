import * as z from 'zod';
import {
  backendNames,
  clipKinds,
  clipLimit,
  generatorFields,
  losses,
  missingFields,
  normalizations,
  samplings,
  sourceKinds,
  splitFields,
  trainingFields,
} from './dataFields.ts';
import {
  defaultOf,
  optimizerForms,
  type ChoiceField,
  type Field,
  type FieldTable,
  type FlagField,
  type NumberField,
  type OptimizerForm,
} from './fields.ts';
import { layerFields, layerTypes, type LayerType } from './layerFields.ts';
import { featureNames, planeFeatures } from './planeFeatures.ts';
import { rangeText } from './ranges.ts';
import { earlyStoppingFields, scheduleFields, scheduleTypes, type ScheduleType } from './scheduleFields.ts';
import { optimizerFields, type OptimizerType } from './optimizerFields.ts';

/** Zod's type for a field of a table. */
type FieldSchema<F extends Field> = F extends NumberField
  ? z.ZodNumber
  : F extends FlagField
    ? z.ZodBoolean
    : F extends ChoiceField<infer Value>
      ? z.ZodEnum<{ [V in Value]: V }>
      : never;

type WithDefaults<T extends FieldTable> = { [K in keyof T]: z.ZodDefault<FieldSchema<T[K]>> };
type Optionals<T extends FieldTable> = { [K in keyof T]: z.ZodOptional<FieldSchema<T[K]>> };

function numberSchema(field: NumberField): z.ZodNumber {
  const error = `must be ${rangeText(field)}`;
  let schema = z.number({ error });
  if (field.integer) schema = schema.int({ error });
  schema = field.open ? schema.gt(field.min, { error }) : schema.gte(field.min, { error });
  return schema.lte(field.max, { error });
}

const choiceSchema = <const Value extends string>(values: readonly Value[]) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` });

function fieldSchema(field: Field): z.ZodType {
  const schema =
    field.kind === 'number'
      ? numberSchema(field)
      : field.kind === 'flag'
        ? z.boolean({ error: 'must be true or false' })
        : choiceSchema(field.values);
  return schema.meta({ description: describe(field) });
}

const describe = (field: Field): string =>
  `${field.description} Default: ${String(field.default)}.` +
  (field.kind === 'number' ? ` Must be ${rangeText(field)}.` : '');

const mapTable = (table: FieldTable, make: (field: Field) => z.ZodType) =>
  Object.fromEntries(Object.entries(table).map(([name, field]) => [name, make(field)]));

const withDefaults = <T extends FieldTable>(table: T) =>
  mapTable(table, field => fieldSchema(field).default(field.default)) as WithDefaults<T>;

const optionals = <T extends FieldTable>(table: T) =>
  mapTable(table, field => fieldSchema(field).optional()) as Optionals<T>;

const text = (description: string) =>
  z.string({ error: 'must be a text' }).min(1, 'must not be empty').meta({ description });
const texts = (description: string) =>
  z
    .array(z.string({ error: 'must be a text' }))
    .min(1, 'must name at least one')
    .meta({ description });
const fileChoice = (description: string) => z.strictObject({ file: text(description) });

const seedSchema = z
  .number({ error: 'must be a whole number from 0 to 4294967295' })
  .int('must be a whole number from 0 to 4294967295')
  .min(0, 'must be a whole number from 0 to 4294967295')
  .max(4_294_967_295, 'must be a whole number from 0 to 4294967295')
  .meta({ description: 'Every random choice follows from this number. Default: 42.' });

const sourceSchema = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      kind: z.literal('generator'),
      ...withDefaults(generatorFields),
      features: z
        .array(
          choiceSchema(featureNames).meta({ enumDescriptions: featureNames.map(name => planeFeatures[name].formula) }),
          {
            error: 'must be a list of features',
          },
        )
        .min(1, 'must name at least one')
        .refine(names => new Set(names).size === names.length, 'must not name one twice')
        .meta({
          description:
            'What the network is given of each point (x1, x2), computed before normalization; for data sets of two inputs. Default: x1 and x2.',
          uniqueItems: true,
        })
        .optional(),
    }),
    z.strictObject({
      kind: z.literal('csv'),
      path: text('The file, relative to the model file.'),
      target: z.union([text('The column to predict.'), texts('The columns to predict.')], {
        error: 'must be the name of a column, or a list of names',
      }),
      features: texts('The columns to learn from. Default: all but the target.').optional(),
      delimiter: z
        .string({ error: 'must be one character' })
        .regex(/^[^"\r\n\u0080-\uFFFF]$/, 'must be one ASCII character, no quote and no line break')
        .optional()
        .meta({ description: 'The character between cells. Default: found by looking.' }),
      header: z
        .boolean({ error: 'must be true or false' })
        .default(true)
        .meta({ description: 'Whether the first row names the columns. Without one they are called c1, c2, ….' }),
      ...withDefaults(missingFields),
    }),
    z.strictObject({
      kind: z.literal('idx'),
      images: text('The IDX file of the images, relative to the model file; may be compressed (.gz).'),
      labels: text('The IDX file of the labels, relative to the model file; may be compressed (.gz).'),
    }),
    z.strictObject({
      kind: z.literal('npy'),
      features: text('The NPY file of the features, [rows] or [rows, …], relative to the model file.'),
      targets: text('The NPY file of the targets, [rows] or [rows, outputs], relative to the model file.'),
      ...withDefaults(missingFields),
    }),
  ],
  { error: `must have "kind": one of ${Object.keys(sourceKinds).join(', ')}` },
);

const dataSchema = z.strictObject({
  source: sourceSchema,
  split: z
    .union([
      z.strictObject({
        ...withDefaults(splitFields),
        stratify: z
          .boolean({ error: 'must be true or false' })
          .default(false)
          .meta({ description: 'Keeps the share of each class equal in all parts.' }),
      }),
      fileChoice('A JSON file with 0-based row lists train, validation and test.'),
    ])
    .prefault({}),
  normalization: choiceSchema(normalizations)
    .default('standard')
    .meta({ description: 'standard: mean 0, deviation 1. minMax: 0 to 1. Fitted on the training rows only.' }),
});

const layerId = z
  .string({ error: 'must be a text' })
  .regex(
    /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/,
    'must begin with a letter and hold only letters, digits, _ and - (64 at most)',
  )
  .meta({ description: 'The name of the layer: in the picture, in messages, and of its tensors on disk.' });

const maximumLayers = 1000;

const layerList = <Item extends z.ZodType>(item: Item) =>
  z
    .array(item, { error: 'must be a list of layers' })
    .min(1, 'must hold at least one layer')
    .max(maximumLayers, `must hold at most ${String(maximumLayers)} layers`);

const leafLayer = <T extends Exclude<LayerType, 'residual'>>(type: T) =>
  z.strictObject({ id: layerId, type: z.literal(type), ...withDefaults(layerFields[type]) });

const leafLayers = [leafLayer('dense'), leafLayer('dropout'), leafLayer('batchNorm'), leafLayer('layerNorm')] as const;

export type DenseLayer = z.output<(typeof leafLayers)[0]>;
export type DropoutLayer = z.output<(typeof leafLayers)[1]>;
export type BatchNormLayer = z.output<(typeof leafLayers)[2]>;
export type LayerNormLayer = z.output<(typeof leafLayers)[3]>;
/** `layers` is the inner path; its input is added to its output, so both have one width. */
export interface ResidualLayer {
  id: string;
  type: 'residual';
  layers: Layer[];
}
export type Layer = DenseLayer | DropoutLayer | BatchNormLayer | LayerNormLayer | ResidualLayer;

const innerLayers = z
  .lazy((): z.ZodType<Layer[]> => layerList(layerSchema))
  .meta({ description: 'The inner path; what goes in is added to what comes out.' });

const layerSchema = z.discriminatedUnion(
  'type',
  [...leafLayers, z.strictObject({ id: layerId, type: z.literal('residual'), layers: innerLayers })],
  { error: `must have "type": one of ${layerTypes.join(', ')}` },
);

/** An optimizer whose missing hyperparameters take the defaults of its `form`. */
const optimizerSchema = <T extends OptimizerType>(type: T) =>
  z
    .strictObject({
      type: z.literal(type),
      form: z
        .enum(optimizerForms, { error: `must be one of ${optimizerForms.join(', ')}` })
        .default('article')
        .meta({ description: 'Which published formula: the article’s, PyTorch’s or Keras’s.' }),
      ...optionals(optimizerFields[type]),
    })
    .transform((given): OptimizerSettings<T> => {
      const filled: Record<string, unknown> = { ...given };
      for (const [name, field] of Object.entries(optimizerFields[type]))
        filled[name] ??= defaultOf(field, filled['form'] as OptimizerForm);
      return filled as OptimizerSettings<T>;
    });

/** One optimizer with every hyperparameter filled in. */
export type OptimizerSettings<T extends OptimizerType = OptimizerType> = {
  [K in T]: { type: K; form: OptimizerForm } & {
    -readonly [F in keyof (typeof optimizerFields)[K]]: (typeof optimizerFields)[K][F] extends FlagField
      ? boolean
      : number;
  };
}[T];

export const optimizerUnion = z.discriminatedUnion(
  'type',
  [
    optimizerSchema('sgd'),
    optimizerSchema('momentum'),
    optimizerSchema('adagrad'),
    optimizerSchema('rmsprop'),
    optimizerSchema('adam'),
    optimizerSchema('adamw'),
    optimizerSchema('nadam'),
    optimizerSchema('lion'),
  ],
  { error: `must have "type": one of ${Object.keys(optimizerFields).join(', ')}` },
);

const scheduleSchema = <T extends ScheduleType>(type: T) =>
  z.strictObject({ type: z.literal(type), ...withDefaults(scheduleFields[type]) });

const trainingSchema = z.strictObject({
  ...withDefaults(trainingFields),
  batchSize: z
    .union([z.number().int().min(1).max(1_000_000), z.literal('full')], {
      error: 'must be a whole number from 1 to 1000000, or "full"',
    })
    .default(32)
    .meta({
      description:
        'Rows per update: 1 is stochastic, "full" is plain gradient descent, anything between is minibatch. Default: 32.',
    }),
  sampling: z
    .union(
      [
        z.enum(samplings),
        fileChoice('A JSON file with a list of batches, each a list of 0-based rows of the training split.'),
      ],
      {
        error: `must be one of ${samplings.join(', ')}, or { "file": "batches.json" }`,
      },
    )
    .default('shuffle')
    .meta({ description: 'shuffle: a new order each epoch. sequential: file order. replacement: independent draws.' }),
  schedule: z
    .discriminatedUnion(
      'type',
      [
        scheduleSchema('constant'),
        scheduleSchema('step'),
        scheduleSchema('exponential'),
        scheduleSchema('cosine'),
        scheduleSchema('oneCycle'),
        scheduleSchema('reduceOnPlateau'),
      ],
      { error: `must have "type": one of ${scheduleTypes.join(', ')}` },
    )
    .optional()
    .meta({ description: 'How the learning rate changes while training. Default: it does not.' }),
  earlyStopping: z
    .strictObject(withDefaults(earlyStoppingFields))
    .optional()
    .meta({ description: 'Ends the run when the validation loss stops falling, and keeps the best weights.' }),
  gradientClip: z
    .strictObject({
      by: choiceSchema(clipKinds).meta({
        description: 'norm: all gradients together keep their direction. value: each is cut by itself.',
      }),
      limit: fieldSchema(clipLimit).default(clipLimit.default) as z.ZodDefault<z.ZodNumber>,
    })
    .optional()
    .meta({ description: 'Keeps gradients from exploding.' }),
  dropLast: z
    .boolean({ error: 'must be true or false' })
    .default(false)
    .meta({ description: 'Leaves out a last batch that is not full.' }),
});

/** A whole `.mlp.json`, version 1. The types, the parser and the JSON Schema come from here. */
export const modelSchema = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1, { error: 'must be 1, the only version there is' }),
  name: text('What the model is called.').default('Model'),
  seed: seedSchema.default(42),
  data: dataSchema,
  layers: layerList(layerSchema),
  loss: choiceSchema(losses).meta({ description: 'What training makes small.' }),
  optimizer: optimizerUnion.prefault({ type: 'adam' }),
  training: trainingSchema.prefault({}),
  backend: z
    .enum(backendNames, { error: `must be one of ${backendNames.join(', ')}` })
    .default('auto')
    .meta({ description: 'What computes: auto takes the fastest here; reference is exact float64.' }),
});

export type Model = z.output<typeof modelSchema>;
export type Training = Model['training'];
export type Schedule = NonNullable<Training['schedule']>;
export type EarlyStoppingSettings = NonNullable<Training['earlyStopping']>;
export type GradientClip = NonNullable<Training['gradientClip']>;
