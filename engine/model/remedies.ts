import type { Activation, Initializer } from './layerFields.ts';
import type { DiagnosisCode, JsonPath, JsonValue, Remedy, ValueEdit } from './issues.ts';
import { readJsonText } from './jsonText.ts';
import { nextFreeId, walkLayers } from './layerTree.ts';
import type { DenseLayer, Model } from './schema.ts';

/** What a remedy is made for: a model and the text it was read from. */
export interface Patient {
  readonly model: Model;
  readonly text: string;
}

type Maker = (patient: Patient) => readonly (Remedy | undefined)[];

/** What helps against each illness, the article's remedy first. Those that need numbers of the data are made where these are known. */
const makers: Record<DiagnosisCode, Maker> = {
  'unnormalized-inputs': () => [normalizeInputs],
  'constant-column': () => [],
  'leaking-column': () => [],
  'class-imbalance': ({ model }) => [stratify(model)],
  'zero-weights': ({ model }) => [drawWeights(model)],
  'dead-units': ({ model }) => [replaceActivation(model, ['relu'], 'leakyRelu', 'Use leaky ReLU')],
  'saturated-units': ({ model }) => [
    drawWeights(model),
    replaceActivation(model, ['sigmoid', 'tanh'], 'relu', 'Use ReLU'),
  ],
  'vanishing-gradient': patient => [
    addResiduals(patient),
    replaceActivation(patient.model, ['sigmoid', 'tanh', 'softplus'], 'relu', 'Use ReLU'),
    drawWeights(patient.model),
  ],
  'exploding-gradient': ({ model }) => [clip(model), drawWeights(model), lowerLearningRate(model)],
  'learning-rate': ({ model }) => [lowerLearningRate(model)],
  'not-finite': ({ model }) => [
    model.data.normalization === 'none' ? normalizeInputs : undefined,
    lowerLearningRate(model),
    clip(model),
  ],
  overfitting: ({ model }) => [stopEarly(model), penalize(model)],
  plateau: ({ model }) => [scheduleOnPlateau(model)],
};

/** The remedies for an illness that change something in this model, the best one first. */
export const remediesFor = (code: DiagnosisCode, patient: Patient): Remedy[] =>
  makers[code](patient).filter(remedy => remedy !== undefined && remedy.edits.length > 0) as Remedy[];

/** Whether `code` is one that remedies are known for. */
export const isDiagnosisCode = (code: string): code is DiagnosisCode => Object.hasOwn(makers, code);

const set = (path: JsonPath, value: JsonValue): ValueEdit => ({ kind: 'setValue', path, value });

const normalizeInputs: Remedy = {
  title: 'Normalise the inputs',
  edits: [set(['data', 'normalization'], 'standard')],
};

/** `α` as a person would write it: 1, 2 or 5 times a power of ten, rounded down. */
export function roundRate(rate: number): number {
  const power = 10 ** Math.floor(Math.log10(rate));
  const step = [5, 2, 1].find(factor => factor * power <= rate) ?? 1;
  return Number((step * power).toPrecision(1));
}

/** Sets the learning rate; a tenth of it where nothing better is known. */
export function lowerLearningRate({ optimizer }: Model, rate = optimizer.learningRate / 10): Remedy {
  const value = roundRate(rate);
  return { title: `Set the learning rate to ${String(value)}`, edits: [set(['optimizer', 'learningRate'], value)] };
}

/** Learns from all columns but these. */
export const leaveOut = (columns: readonly string[], features: readonly string[]): Remedy => ({
  title: columns.length === 1 ? `Leave out "${columns[0] ?? ''}"` : `Leave out ${String(columns.length)} columns`,
  edits: [
    set(
      ['data', 'source', 'features'],
      features.filter(name => !columns.includes(name)),
    ),
  ],
});

function stratify({ data }: Model): Remedy | undefined {
  if ('file' in data.split || data.split.stratify) return undefined;
  return { title: 'Keep the share of each class in every part', edits: [set(['data', 'split', 'stratify'], true)] };
}

/** Layers before the last one, blocks included. */
function hiddenLayers(model: Model): { readonly layer: DenseLayer; readonly path: JsonPath }[] {
  const last = model.layers.at(-1);
  return [...walkLayers(model.layers)].flatMap(({ layer, path }) =>
    layer.type === 'dense' && layer !== last ? [{ layer, path }] : [],
  );
}

const rectifiers: readonly Activation[] = ['relu', 'leakyRelu', 'elu', 'gelu', 'silu'];

/** He's for what cuts negative sums off, Glorot's for the rest. */
const initializerFor = (activation: Activation): Initializer =>
  rectifiers.includes(activation) ? 'heUniform' : 'glorotUniform';

const spread: readonly Initializer[] = ['glorotUniform', 'glorotNormal', 'heUniform', 'heNormal', 'lecunNormal'];

/** Weights whose size fits the number of inputs, in every layer that has others. */
function drawWeights({ layers }: Model): Remedy {
  const edits = [...walkLayers(layers)].flatMap(({ layer, path }) =>
    layer.type === 'dense' && !spread.includes(layer.initializer)
      ? [set([...path, 'initializer'], initializerFor(layer.activation))]
      : [],
  );
  return { title: 'Start from weights of the right size', edits };
}

function replaceActivation(model: Model, from: readonly Activation[], to: Activation, title: string): Remedy {
  const edits = hiddenLayers(model)
    .filter(({ layer }) => from.includes(layer.activation))
    .flatMap(({ layer, path }) => [
      set([...path, 'activation'], to),
      ...(layer.initializer === initializerFor(to) ? [] : [set([...path, 'initializer'], initializerFor(to))]),
    ]);
  return { title, edits };
}

/**
 * Wraps every hidden layer that gives as many values as it takes into a residual block, so that the gradient finds a
 * way around it. The layer keeps what its text says, unknown keys included.
 */
function addResiduals({ model, text }: Patient): Remedy {
  const written = (readJsonText(text).value as { layers?: JsonValue[] } | undefined)?.layers ?? [];
  const taken = new Set(model.layers.map(({ id }) => id));
  let width: number | undefined;
  const edits = model.layers.slice(0, -1).flatMap((layer, index): ValueEdit[] => {
    if (layer.type !== 'dense') return [];
    const inputs = width;
    width = layer.units;
    const raw = written[index];
    if (inputs !== layer.units || raw === undefined) return [];
    const id = nextFreeId('block', taken);
    taken.add(id);
    return [set(['layers', index], { id, type: 'residual', layers: [raw] })];
  });
  return { title: 'Add residual connections', edits };
}

function clip({ training }: Model): Remedy | undefined {
  if (training.gradientClip) return undefined;
  return { title: 'Clip the gradients', edits: [set(['training', 'gradientClip'], { by: 'norm', limit: 1 })] };
}

function stopEarly({ training }: Model): Remedy | undefined {
  if (training.earlyStopping) return undefined;
  return { title: 'Stop early', edits: [set(['training', 'earlyStopping'], { patience: 20 })] };
}

const penalty = 0.001;

function penalize(model: Model): Remedy {
  const edits = hiddenLayers(model)
    .filter(({ layer }) => layer.l1 === 0 && layer.l2 === 0)
    .map(({ path }) => set([...path, 'l2'], penalty));
  return { title: 'Keep the weights small (L2)', edits };
}

function scheduleOnPlateau({ training }: Model): Remedy | undefined {
  if (training.schedule) return undefined;
  return {
    title: 'Lower the learning rate on plateaus',
    edits: [set(['training', 'schedule'], { type: 'reduceOnPlateau' })],
  };
}
