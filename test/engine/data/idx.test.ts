import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uncompressed } from '../../../engine/data/byteReader.ts';
import { readIdx } from '../../../engine/data/idx.ts';
import { idx, sourceOf, type IdxType } from './arrayFiles.ts';
import { Workshop } from './workshop.ts';

let workshop: Workshop;
beforeAll(() => {
  workshop = new Workshop();
});
afterAll(() => workshop.dispose());

const source = { kind: 'idx', images: 'images', labels: 'labels' };
const task = { loss: 'crossEntropy', outputs: 3 };
const images = idx([3, 2, 2], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255]);
const labels = idx([3], [7, 0, 3]);

describe('an IDX file', () => {
  it.each([8, 9, 11, 12, 13, 14] as IdxType[])('holds numbers of type %i', async type => {
    const values = type === 8 ? [0, 200, 7] : [0, -100, 7];
    const read = await readIdx(sourceOf(idx([3, 1], values, type)));
    expect(read.shape).toEqual([3, 1]);
    expect([...read.values]).toEqual(values);
  });

  it.each([
    ['no IDX at all', Buffer.from('x,y\n1,2\n'), 'not an IDX file'],
    ['an unknown type', Uint8Array.of(0, 0, 10, 1, 0, 0, 0, 0), 'not an IDX file'],
    ['nothing', new Uint8Array(), 'ends before'],
    ['no rows', idx([0, 2], []), 'empty'],
    ['a number too few', idx([3], [1, 2]), 'ends before'],
    ['a number too many', idx([1], [1, 2]), 'goes on'],
  ])('is refused when it holds %s', async (_what, bytes, message) => {
    await expect(readIdx(sourceOf(bytes))).rejects.toThrow(message);
  });

  it('is refused before memory is taken for what its header claims', async () => {
    const full = 2 ** 32 - 1;
    await expect(readIdx(sourceOf(idx([full, full], [1])))).rejects.toMatchObject({ code: 'memory-limit' });
    await expect(readIdx(sourceOf(idx([200_000_000], [1])))).rejects.toMatchObject({ code: 'invalid-data' });
    const bomb = gzipSync(idx([200_000_000], [1]));
    await expect(readIdx(uncompressed(sourceOf(bomb), bomb))).rejects.toThrow('ends before');
  });

  it('ends a compressed file that goes on after the numbers it announces', async () => {
    const bomb = gzipSync(Buffer.concat([idx([4], [1, 2, 3, 4]), Buffer.alloc(50_000_000)]));
    await expect(readIdx(uncompressed(sourceOf(bomb), bomb))).rejects.toThrow('goes on');
  });
});

describe('IDX data', () => {
  it('are images of pixels and classes ordered by value', async () => {
    workshop.write('images', images);
    workshop.write('labels', labels);
    const data = await workshop.load({ source, normalization: 'none', split: { validation: 0 } }, task);
    expect(data.featureNames).toEqual(['pixel1', 'pixel2', 'pixel3', 'pixel4']);
    expect(data.classes).toEqual(['0', '3', '7']);
    expect([...data.features.values]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255]);
    expect([...data.targets.values]).toEqual([0, 0, 1, 1, 0, 0, 0, 1, 0]);
  });

  it('are the same compressed', async () => {
    workshop.write('images', images);
    workshop.write('labels', labels);
    const plain = await workshop.load({ source }, task);
    workshop.write('images', gzipSync(images));
    workshop.write('labels', gzipSync(labels));
    expect(await workshop.load({ source }, task)).toEqual(plain);
  });

  it('name a compressed file that is damaged', async () => {
    const damaged = gzipSync(images);
    damaged.fill(0xff, 12, 20);
    const file = workshop.write('images', damaged);
    workshop.write('labels', labels);
    await expect(workshop.load({ source }, task)).rejects.toMatchObject({ code: 'invalid-data', place: { file } });
  });

  it.each([
    ['images', 6],
    ['labels', 7],
  ])('say where the model names %s that are not there', async (field, line) => {
    workshop.write('images', images);
    workshop.write('labels', labels);
    const given = { source: { ...source, [field]: 'none' } };
    await expect(workshop.load(given, task)).rejects.toMatchObject({
      code: 'file-not-readable',
      place: { line },
    });
  });
});
