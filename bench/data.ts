/** `npm run bench:data`: how fast tables of 100 MB are read, and how much memory that takes. Asserts nothing. */
import { mkdtempSync, rmSync, writeFileSync, appendFileSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Random } from '../engine/data/random.ts';
import { loadData } from '../engine/data/load.ts';
import { requireModel } from '../engine/training/readModelFile.ts';

const bytes = 100e6;
const rowsAtOnce = 20_000;
const colours = ['red', 'grün', '"light blue"', 'größte Überraschung', '"a ""b"""'];

const random = new Random(1, 'data');
const row = (columns: number, cell: () => string) =>
  [...Array.from({ length: columns }, cell), String(random.below(2))].join(',');

const tables = {
  'numbers of six places': () => row(10, () => (100 * random.normal()).toFixed(6)),
  'numbers of full length': () => row(10, () => String(random.uniform())),
  'small whole numbers': () => row(64, () => String(random.below(17))),
  'few different texts': () => row(4, () => colours[random.below(colours.length)] ?? ''),
};

const folder = mkdtempSync(path.join(os.tmpdir(), 'mlp-studio-'));
try {
  for (const [title, makeRow] of Object.entries(tables)) {
    const file = path.join(folder, 'data.csv');
    const block = `${Array.from({ length: rowsAtOnce }, makeRow).join('\n')}\n`;
    const columns = block.slice(0, block.indexOf('\n')).split(',').length;
    writeFileSync(file, `${Array.from({ length: columns - 1 }, (_, i) => `x${String(i)}`).join(',')},y\n`);
    while (statSync(file).size < bytes) appendFileSync(file, block);
    const text = JSON.stringify({
      version: 1,
      data: { source: { kind: 'csv', path: file, target: 'y' }, normalization: 'none' },
      layers: [{ id: 'output', type: 'dense', units: 1, activation: 'sigmoid' }],
      loss: 'binaryCrossEntropy',
    });

    let [read, peak] = [NaN, 0];
    const before = process.memoryUsage().rss;
    const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20);
    const start = performance.now();
    const { features } = await loadData(requireModel(text, path.join(folder, 'model.mlp.json')), {
      onProgress: (done, total) => {
        if (done === total) read = performance.now() - start;
      },
    });
    const whole = performance.now() - start;
    peak = Math.max(peak, process.memoryUsage().rss);
    clearInterval(watch);
    const speed = (milliseconds: number) => `${(bytes / 1e3 / milliseconds).toFixed(0)} MB/s`;
    const megabytes = (size: number) => `${(size / 1e6).toFixed(0)} MB`;
    console.log(
      `${title.padEnd(24)} read ${speed(read)}, ready to train ${speed(whole)}; ` +
        `features ${megabytes(features.values.byteLength)}, memory ${megabytes(peak - before)}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
