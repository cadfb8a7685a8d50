import { describe, expect, it } from 'vitest';
import { sourceFiles, sourceTitle, type DataSource } from '../../../engine/model/dataSource.ts';

const sources: readonly (readonly [string, DataSource, string, readonly string[]])[] = [
  ['a built-in set', { kind: 'generator', name: 'moons', samples: 10, noise: 0 }, 'Two moons', []],
  [
    'a table',
    { kind: 'csv', path: 'data\\a.csv', target: 'y', header: true, missing: 'error' },
    'a.csv',
    ['data\\a.csv'],
  ],
  ['images', { kind: 'idx', images: 'x/i.gz', labels: 'l.gz' }, 'i.gz', ['x/i.gz', 'l.gz']],
  ['arrays', { kind: 'npy', features: 'f.npy', targets: 't.npy', missing: 'mean' }, 'f.npy', ['f.npy', 't.npy']],
];

describe('a data source', () => {
  it.each(sources)('that is %s has its title and its files', (_kind, source, title, paths) => {
    expect(sourceTitle(source)).toBe(title);
    expect(sourceFiles(source).map(({ path }) => path)).toEqual(paths);
  });
});
