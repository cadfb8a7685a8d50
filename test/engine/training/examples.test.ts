import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseModel } from '../../../engine/model/parse.ts';
import { checkGradients } from '../../../engine/training/gradientCheck.ts';
import { Trainer } from '../../../engine/training/trainer.ts';

const examples = path.resolve(import.meta.dirname, '../../../examples');
const files = readdirSync(examples).filter(name => name.endsWith('.mlp.json'));

describe.each(files)('the example %s', name => {
  const file = path.join(examples, name);
  const text = readFileSync(file, 'utf8');
  const { model, issues } = parseModel(text);

  it('is free of issues', () => {
    expect(issues).toEqual([]);
  });

  it('has gradients that equal central differences', async () => {
    expect(model).toBeDefined();
    if (!model) return;
    for (const { relativeError, tensor } of await checkGradients({ model, file, text }))
      expect(relativeError, tensor).toBeLessThanOrEqual(1e-7);
  });

  it('is learned by the backend that a user gets', async () => {
    if (!model) return;
    const trainer = await Trainer.create({
      source: { model, file, text },
      emit: () => undefined,
      wantsGradients: () => false,
    });
    const { reason, metrics } = await trainer.run();
    expect(['completed', 'earlyStopped']).toContain(reason);
    expect(metrics.train?.accuracy ?? metrics.train?.r2).toBeGreaterThan(0.9);
  });
});
