import { afterAll, describe, expect, it } from 'vitest';
import { explainStep } from '../../../engine/diagnosis/explainStep.ts';
import type { ChainNode } from '../../../webview/explain/backwardReader.ts';
import { chainRule } from '../../../webview/explain/chainRule.ts';
import { clinic, hidden, modelOf, output } from '../../engine/diagnosis/illness.ts';

const { remove, open } = clinic();
afterAll(remove);

const everything = modelOf({
  layers: [
    hidden('hidden1', 3, 'tanh'),
    { id: 'drop1', type: 'dropout', rate: 0.3 },
    { id: 'norm1', type: 'batchNorm' },
    {
      id: 'block1',
      type: 'residual',
      layers: [
        hidden('inner', 3, 'gelu'),
        { id: 'norm', type: 'layerNorm' },
        { id: 'drop', type: 'dropout', rate: 0.1 },
      ],
    },
    output,
  ],
  training: { epochs: 5, batchSize: 6 },
});

const product = (values: readonly number[]) => values.reduce((a, b) => a * b, 1);
const pairs = (values: readonly number[]) =>
  values.reduce((sum, value, i) => (i % 2 === 0 ? sum + value * (values[i + 1] ?? NaN) : sum), 0);

/** What each rule of the chain makes of the values of its parts. */
const arithmetic: readonly [RegExp, (values: readonly number[]) => number][] = [
  [/summed over/, pairs],
  [/^Σₖ/, pairs],
  [/σ′/, product],
  [/· m\[/, product],
  [/^γ.* \/ s/, ([scale = 0, s = 1, g = 0, mean = 0, x = 0, p = 0]) => (scale / s) * (g - mean - x * p)],
  [/^1 \/ s/, ([scale = 0, s = 1, g = 0, mean = 0, x = 0, p = 0]) => (scale * g - mean - x * p) / s],
  [/of the skip/, ([skip = NaN, through = NaN]) => skip + through],
  [/^f is added/, ([value = NaN]) => value],
];

/** Every number of a chain that has parts, down to the loss. */
function* nodesOf(node: ChainNode): Generator<ChainNode> {
  if (!node.parts) return;
  yield node;
  for (const part of node.parts()) yield* nodesOf(part);
}

describe('the chain rule of a weight', () => {
  it.each(['hidden1', 'block1.inner', 'output'])(
    'of %s goes through every layer to the loss, each number being what its rule makes of its parts',
    async layerId => {
      const explanation = await explainStep(open(everything));
      const root = chainRule(explanation, { layerId, row: 0, column: 1 });
      if (!root) throw new Error('The weight has no chain.');
      const nodes = [...nodesOf(root)];
      const used = new Set<RegExp>();
      for (const node of nodes) {
        if (node.rule.startsWith('from the loss')) continue;
        const rule = arithmetic.find(([pattern]) => pattern.test(node.rule));
        if (!rule) throw new Error(`Nothing is known of the rule "${node.rule}".`);
        used.add(rule[0]);
        const parts = node.parts?.() ?? [];
        expect(rule[1](parts.map(({ value }) => value)), `${node.symbol} = ${node.rule}`).toBeCloseTo(node.value, 13);
      }
      expect(nodes.some(({ rule }) => rule.startsWith('from the loss'))).toBe(true);
      if (layerId === 'hidden1') expect(used.size).toBe(arithmetic.length);
    },
  );

  it('is found step by step, so that a deep and wide network has one too', async () => {
    const layers = Array.from({ length: 30 }, (_, i) => hidden(`hidden${String(i + 1)}`, 8, 'relu'));
    const explanation = await explainStep(open(modelOf({ layers: [...layers, output] })), { sample: 0 });
    let node = chainRule(explanation, { layerId: 'hidden1', row: 0, column: 0 });
    let depth = 0;
    for (; node?.parts; depth++) node = node.parts().findLast(part => part.parts) ?? node.parts()[0];
    expect(depth).toBeGreaterThan(60);
  });
});
