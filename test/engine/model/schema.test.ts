import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { mlpJsonSchema } from '../../../engine/model/jsonSchema.ts';
import { layerShapes, parameterCount, trainingBytes } from '../../../engine/model/shapes.ts';
import { suggestion } from '../../../engine/model/suggestion.ts';
import { nextFreeId } from '../../../engine/model/layerTree.ts';
import { parseModel } from '../../../engine/model/parse.ts';
import { modelText } from './modelText.ts';

describe('the JSON Schema', () => {
  it('that is shipped is the one the sources describe', () => {
    const file = path.resolve(import.meta.dirname, '../../../schemas/mlp.schema.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(mlpJsonSchema())));
  });
});

describe('shapes', () => {
  it('follow the data through the layers', () => {
    const { model } = parseModel(modelText);
    const shapes = layerShapes(model?.layers ?? [], 2);
    expect(shapes).toEqual([
      { id: 'hidden1', inputs: 2, outputs: 8, parameters: 24, inner: [] },
      { id: 'output', inputs: 8, outputs: 1, parameters: 9, inner: [] },
    ]);
    expect(parameterCount(shapes)).toBe(33);
  });

  it('cost more memory with more rows at once', () => {
    const shapes = [{ id: 'a', inputs: 10, outputs: 10, parameters: 110, inner: [] }];
    expect(trainingBytes(shapes, 1000)).toBeGreaterThan(trainingBytes(shapes, 1));
  });
});

describe('a suggestion', () => {
  it.each([
    ['learnigRate', 'learningRate'],
    ['Units', 'units'],
    ['activaton', 'activation'],
  ])('for %s is %s', (typed, meant) => {
    expect(suggestion(typed, ['units', 'activation', 'learningRate', 'bias'])).toBe(meant);
  });

  it('is not made for something else', () => {
    expect(suggestion('zzzzzz', ['units', 'activation'])).toBeUndefined();
  });
});

describe('the next free id', () => {
  it.each([
    ['hidden1', ['hidden1'], 'hidden2'],
    ['hidden', ['hidden1', 'hidden2', 'hidden4'], 'hidden3'],
    ['7', [], 'layer1'],
  ])('after %s among %o is %s', (id, taken, next) => {
    expect(nextFreeId(id, new Set(taken))).toBe(next);
  });
});
