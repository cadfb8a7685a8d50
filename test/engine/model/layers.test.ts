import { describe, expect, it } from 'vitest';
import { walkLayers } from '../../../engine/model/layerTree.ts';
import { parseModel } from '../../../engine/model/parse.ts';
import { layerShapes } from '../../../engine/model/shapes.ts';

/** A model on two inputs whose layers are these. */
function parse(layers: readonly object[], more: object = {}) {
  return parseModel(
    JSON.stringify({
      version: 1,
      data: { source: { kind: 'generator', name: 'moons' } },
      layers,
      loss: 'binaryCrossEntropy',
      ...more,
    }),
  );
}

const dense = (id: string, units: number, activation = 'relu') => ({ id, type: 'dense', units, activation });
const output = dense('output', 1, 'sigmoid');
const messages = (layers: readonly object[], more?: object) =>
  parse(layers, more).issues.map(({ code, path }) => `${code} ${path.join('.')}`);

describe('layers of every type', () => {
  const layers = [
    dense('hidden1', 4),
    { id: 'drop1', type: 'dropout', rate: 0.1 },
    { id: 'norm1', type: 'batchNorm' },
    {
      id: 'block1',
      type: 'residual',
      layers: [
        dense('wide', 8),
        { id: 'norm', type: 'layerNorm' },
        { id: 'deeper', type: 'residual', layers: [dense('wide', 8)] },
        dense('back', 4),
      ],
    },
    output,
  ];

  it('are read, with the defaults of their tables', () => {
    const { model, issues } = parse(layers);
    expect(issues).toEqual([]);
    expect(model?.layers.slice(1, 3)).toEqual([
      { id: 'drop1', type: 'dropout', rate: 0.1 },
      { id: 'norm1', type: 'batchNorm', momentum: 0.1, epsilon: 1e-5 },
    ]);
  });

  it('have their widths and parameters counted, blocks with their inside', () => {
    const shapes = layerShapes(parse(layers).model?.layers ?? [], 2);
    expect(shapes.map(({ id, outputs, parameters }) => [id, outputs, parameters])).toEqual([
      ['hidden1', 4, 12],
      ['drop1', 4, 0],
      ['norm1', 4, 8],
      ['block1', 4, 40 + 16 + 72 + 36],
      ['output', 1, 5],
    ]);
  });

  it('are called by the blocks around them', () => {
    const names = [...walkLayers(parse(layers).model?.layers ?? [])].map(({ name }) => name);
    expect(names).toContain('block1.deeper.wide');
  });

  it('may share an id in different blocks, not in one list', () => {
    expect(messages([dense('a', 2), dense('a', 2), output])).toEqual(['duplicate-layer layers.1.id']);
    const block = { id: 'b', type: 'residual', layers: [dense('a', 2), dense('a', 2)] };
    expect(messages([dense('a', 2), block, output])).toEqual(['duplicate-layer layers.1.layers.1.id']);
  });
});

describe('layers that do not fit', () => {
  it('a block that changes the width is shown where it ends', () => {
    const block = { id: 'b', type: 'residual', layers: [dense('in', 7), { id: 'd', type: 'dropout' }] };
    const { issues } = parse([dense('a', 4), block, output]);
    expect(issues).toMatchObject([
      { code: 'shape-mismatch', fix: { path: ['layers', 1, 'layers', 0, 'units'], value: 4 } },
    ]);
  });

  it('a block first in the network is measured against the data', () => {
    expect(messages([{ id: 'b', type: 'residual', layers: [dense('in', 3)] }, output])).toEqual([
      'shape-mismatch layers.0.layers.0.units',
    ]);
  });

  it('the last layer must be dense', () => {
    expect(messages([dense('a', 1), { id: 'd', type: 'dropout' }])).toEqual(['output-layer layers.1.type']);
  });

  it('batch norm needs more than one row', () => {
    const layers = [dense('a', 2), { id: 'n', type: 'batchNorm' }, output];
    expect(messages(layers, { training: { batchSize: 1 } })).toEqual(['batch-norm layers.1.type']);
  });

  it('an unknown type and an unknown key are located inside a block', () => {
    expect(messages([{ id: 'b', type: 'residual', layers: [{ id: 'x', type: 'conv' }] }, output])).toEqual([
      'invalid-value layers.0.layers.0.type',
    ]);
    const layers = [{ id: 'b', type: 'residual', layers: [{ ...dense('x', 2), unit: 3 }] }, output];
    const { issues } = parse(layers);
    expect(issues).toMatchObject([{ code: 'unknown-key', message: expect.stringContaining('"units"') as string }]);
  });
});

describe('a step', () => {
  it('trains as a perceptron when it is the only layer', () => {
    expect(messages([dense('output', 1, 'step')], { loss: 'meanSquaredError' })).toEqual([]);
  });

  it('is refused where a gradient would have to pass it', () => {
    expect(messages([dense('a', 2, 'step'), output])).toEqual(['step-backpropagation layers.0.activation']);
    expect(messages([dense('a', 2), dense('output', 1, 'step')], { loss: 'meanSquaredError' })).toEqual([
      'step-backpropagation layers.1.activation',
    ]);
    const block = { id: 'b', type: 'residual', layers: [dense('in', 2, 'step')] };
    expect(messages([block, output])).toEqual(['step-backpropagation layers.0.layers.0.activation']);
  });
});
