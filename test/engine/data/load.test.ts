import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workshop } from './workshop.ts';

let workshop: Workshop;
const source = { kind: 'csv', path: 'large.csv', target: 'y' };
const rows = 500_000;

beforeAll(() => {
  workshop = new Workshop();
  const lines = Array.from({ length: rows }, (_, i) => `${String(i)}.5,some text,${String(i % 2)}`);
  workshop.write('large.csv', `x,t,y\n${lines.join('\n')}\n`);
});
afterAll(() => workshop.dispose());

describe('a large file', () => {
  it('is read whole, and says at the end that it is', async () => {
    const heard: [number, number][] = [];
    const { features } = await workshop.load(
      { source, normalization: 'none' },
      {},
      { onProgress: (read, total) => heard.push([read, total]) },
    );
    expect(features.rows).toBe(rows);
    for (let row = 0; row < rows; row += 997) expect(features.values[row * features.columns]).toBe(row + 0.5);
    const [read, total] = heard.at(-1) ?? [];
    expect(total).toBeGreaterThan(8_000_000);
    expect(read).toBe(total);
    expect(heard.map(([bytes]) => bytes)).toEqual(heard.map(([bytes]) => bytes).toSorted((a, b) => a - b));
  });

  it('is let go of when it is no longer wanted', async () => {
    const controller = new AbortController();
    setImmediate(() => controller.abort(new Error('not wanted')));
    await expect(workshop.load({ source }, {}, { signal: controller.signal })).rejects.toThrow('not wanted');
    await expect(workshop.load({ source }, {}, { signal: AbortSignal.abort() })).rejects.toThrow('abort');
  });
});

describe('a file to be read', () => {
  it('may have a delimiter of its own and no header', async () => {
    workshop.write('plain.txt', '1;2,5;a\n3;4,5;b\n');
    const plain = { kind: 'csv', path: 'plain.txt', delimiter: ';', header: false, target: 'c3', features: ['c1'] };
    const { features, featureNames, classes } = await workshop.load({ source: plain, normalization: 'none' });
    expect(featureNames).toEqual(['c1']);
    expect([...features.values]).toEqual([1, 3]);
    expect(classes).toEqual(['a', 'b']);
  });

  it('may be separated by tabs', async () => {
    workshop.write('tabs.tsv', 'x\ty\n1,5 m\ta\n2 m\tb\n');
    const { featureNames } = await workshop.load({ source: { kind: 'csv', path: 'tabs.tsv', target: 'y' } });
    expect(featureNames).toEqual(['x=1,5 m', 'x=2 m']);
  });

  it('is refused when it is a folder', async () => {
    const given = { source: { kind: 'csv', path: '.', target: 'y' } };
    await expect(workshop.load(given)).rejects.toMatchObject({ code: 'file-not-readable', place: { line: 6 } });
  });

  it('is refused before memory is taken for more one-hot columns than fit', async () => {
    const names = Array.from({ length: 1000 }, (_, i) => `text ${String(i)}`);
    const lines = Array.from({ length: 600_000 }, (_, i) => `${names[i % 1000] ?? ''},${String(i % 2)}`);
    workshop.write('wide.csv', `t,y\n${lines.join('\n')}`);
    const wide = { source: { kind: 'csv', path: 'wide.csv', target: 'y' } };
    await expect(workshop.load(wide)).rejects.toMatchObject({ code: 'memory-limit' });
  });
});

describe('a stratified split', () => {
  it('parts hundreds of thousands of rows of a class', async () => {
    const generated = { kind: 'generator', name: 'moons', samples: 600_000 };
    const { split } = await workshop.load({ source: generated, split: { validation: 0.25, stratify: true } });
    expect([split.train.length, split.validation.length]).toEqual([450_000, 150_000]);
  });
});
