import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { modelByName, modelPathNow } from '../../../extension/runs/modelOfRuns.ts';
import { changed } from '../../engine/model/modelText.ts';

describe('the model of a run', () => {
  let home: string;
  let run: string;
  const file = (name: string) => path.join(home, name);

  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'mlp-studio-home-'));
    run = path.join(home, '.mlp-runs/Two moons/2026-1');
    mkdirSync(run, { recursive: true });
    writeFileSync(file('moons.mlp.json'), changed('"Moons"', '"Two moons"'));
    return () => rmSync(home, { recursive: true, force: true });
  });

  it('is the one its record names, as long as that is there', () => {
    const elsewhere = path.join(home, 'other/moons.mlp.json');
    mkdirSync(path.dirname(elsewhere));
    writeFileSync(elsewhere, '');
    expect(modelPathNow(run, elsewhere)).toBe(elsewhere);
    expect(modelPathNow(run, file('gone.mlp.json'))).toBe(file('gone.mlp.json'));
  });

  it('lies beside its runs when the folder around both was moved', () => {
    expect(modelPathNow(run, '/before/moons.mlp.json')).toBe(file('moons.mlp.json'));
    expect(modelPathNow(run, '/before/spiral.mlp.json')).toBe('/before/spiral.mlp.json');
    expect(modelPathNow(path.join(home, 'kept/elsewhere/run'), '/before/moons.mlp.json')).toBe(
      '/before/moons.mlp.json',
    );
  });

  it('is the one that the folder of its runs is called after, where no record names any', () => {
    writeFileSync(file('a.mlp.json'), '{');
    expect(modelByName(run)).toBe(file('moons.mlp.json'));
    expect(modelByName(path.join(home, '.mlp-runs/Lost/2026-2'))).toBe(file('Lost.mlp.json'));
    expect(modelByName(path.join(home, 'kept/elsewhere/run'))).toBeUndefined();
  });
});
