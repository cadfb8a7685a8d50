import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ModelSightings, type Fingerprints } from '../../../extension/models/modelSightings.ts';

describe('a file that gets another name by a command elsewhere', () => {
  let folder: string;
  let kept: Fingerprints;
  let sightings: ModelSightings;

  const file = (name: string) => path.join(folder, name);
  const open = () =>
    new ModelSightings(
      () => Promise.resolve(readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(isModel).map(file)),
      { read: () => kept, write: fingerprints => (kept = fingerprints) },
    );
  const isModel = (name: string) => name.endsWith('.mlp.json');
  const moves = async (of = sightings) =>
    (await of.look()).map(({ before, after }) => [path.relative(folder, before), path.relative(folder, after)]);

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'mlp-studio-sightings-'));
    kept = {};
    writeFileSync(file('a.mlp.json'), 'first');
    writeFileSync(file('b.mlp.json'), 'second');
    sightings = open();
    expect(await moves()).toEqual([]);
    return () => rmSync(folder, { recursive: true, force: true });
  });

  it('is found by its content, once', async () => {
    renameSync(file('a.mlp.json'), file('c.mlp.json'));
    expect(await moves()).toEqual([['a.mlp.json', 'c.mlp.json']]);
    expect(await moves()).toEqual([]);
  });

  it('is found with the content that it was changed to before', async () => {
    writeFileSync(file('a.mlp.json'), 'changed');
    await sightings.note(file('a.mlp.json'));
    renameSync(file('a.mlp.json'), file('c.mlp.json'));
    expect(await moves()).toEqual([['a.mlp.json', 'c.mlp.json']]);
  });

  it('is found when a folder around it was moved, each file under its own name though they are alike', async () => {
    for (const name of ['red', 'blue']) {
      mkdirSync(file(`one/${name}`), { recursive: true });
      writeFileSync(file(`one/${name}/${name}.mlp.json`), 'alike');
    }
    await moves();
    renameSync(file('one'), file('two'));
    expect((await moves()).sort()).toEqual([
      ['one/blue/blue.mlp.json', 'two/blue/blue.mlp.json'],
      ['one/red/red.mlp.json', 'two/red/red.mlp.json'],
    ]);
  });

  it('is found though it came a moment after it went, or went a moment after it came', async () => {
    rmSync(file('a.mlp.json'));
    copyFileSync(file('b.mlp.json'), file('d.mlp.json'));
    expect(await moves()).toEqual([]);
    writeFileSync(file('c.mlp.json'), 'first');
    rmSync(file('b.mlp.json'));
    expect((await moves()).sort()).toEqual([
      ['a.mlp.json', 'c.mlp.json'],
      ['b.mlp.json', 'd.mlp.json'],
    ]);
  });

  it('is found when that happened while no window was open', async () => {
    renameSync(file('a.mlp.json'), file('c.mlp.json'));
    expect(await moves(open())).toEqual([['a.mlp.json', 'c.mlp.json']]);
  });

  it('is not taken for a copy, for one that is long gone, or for one that is renamed in the editor', async () => {
    copyFileSync(file('a.mlp.json'), file('copy.mlp.json'));
    expect(await moves()).toEqual([]);
    const now = vi.spyOn(performance, 'now');
    try {
      now.mockReturnValue(performance.now() + 60_000);
      rmSync(file('a.mlp.json'));
      expect(await moves()).toEqual([]);
      now.mockReturnValue(performance.now() + 120_000);
      writeFileSync(file('c.mlp.json'), 'first');
      expect(await moves()).toEqual([]);
    } finally {
      now.mockRestore();
    }
    renameSync(file('b.mlp.json'), file('e.mlp.json'));
    sightings.follow(name => (name === file('b.mlp.json') ? file('e.mlp.json') : undefined));
    expect(await moves()).toEqual([]);
  });
});
