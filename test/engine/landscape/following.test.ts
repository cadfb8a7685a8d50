import { describe, expect, it } from 'vitest';
import { Following } from '../../../engine/landscape/following.ts';
import type { ExploreEvent } from '../../../engine/protocol/lab.ts';
import { settingsOf } from '../../../webview/lab/racer.ts';
import { inline, lastPicture, source, trainerOf } from './subjects.ts';

async function follow(titles: readonly string[] = ['mine'], fromSeed = false) {
  const events: ExploreEvent[] = [];
  const following = await Following.create({
    request: {
      source: source(),
      trainings: titles.map(title => ({ title, optimizer: settingsOf('adam') })),
      fromSeed,
      directions: 'paths',
      resolution: 21,
    },
    emit: event => void events.push(event),
    computer: inline(),
  });
  return { following, events, ended: following.run() };
}

describe('a training that is followed', () => {
  it('is drawn while it runs, and finely when it is over', async () => {
    const { following, events, ended } = await follow();
    const trainer = await trainerOf(source({ training: { epochs: 30 } }));
    const first = trainer.sampleWeights();
    const run = trainer.run();
    following.add(0, first!);
    while (!events.some(({ kind }) => kind === 'grid')) await new Promise(resolve => setTimeout(resolve, 5));
    expect(lastPicture(events).grid.columns).toBe(13);
    const { metrics } = await run;
    following.add(0, trainer.sampleWeights()!);
    following.finish();
    await ended;
    expect(events.at(-1)).toEqual({ kind: 'end', reason: 'completed' });
    const { paths, grid } = lastPicture(events);
    expect(grid.columns).toBe(21);
    expect([...(paths.tracks[0]?.epochs ?? [])]).toEqual([0, 30]);
    expect(paths).toMatchObject({ epoch: 30, tracks: [{ title: 'mine', optimizer: { type: 'adam' } }] });
    const penalty = (paths.tracks[0]?.losses.at(-1) ?? NaN) - (metrics.train?.loss ?? NaN);
    expect(penalty).toBeGreaterThan(0);
    expect(penalty).toBeLessThan(0.1);
  });

  it('stands beside the others in one plane', async () => {
    const { following, events, ended } = await follow(['sgd', 'adam']);
    const trainers = await Promise.all(
      ['sgd', 'adam'].map(type =>
        trainerOf(source({ optimizer: { type, learningRate: 0.1 }, training: { epochs: 5 } })),
      ),
    );
    for (const [i, trainer] of trainers.entries()) {
      following.add(i, trainer.sampleWeights()!);
      await trainer.run();
      following.add(i, trainer.sampleWeights()!);
    }
    following.finish();
    await ended;
    const [sgd, adam] = lastPicture(events).paths.tracks;
    expect([...(sgd?.positions.slice(0, 2) ?? [])]).toEqual([...(adam?.positions.slice(0, 2) ?? [])]);
    expect(sgd?.losses.at(-1)).not.toBe(adam?.losses.at(-1));
  });

  it('begins where its seed has put it, wherever it is first seen', async () => {
    const { following, events, ended } = await follow(['mine'], true);
    const trainer = await trainerOf(source({ backend: 'reference', training: { epochs: 7 } }));
    const first = trainer.sampleWeights()!;
    await trainer.run();
    following.add(0, trainer.sampleWeights()!);
    following.finish();
    await ended;
    const [way] = lastPicture(events).paths.tracks;
    expect([...(way?.epochs ?? [])]).toEqual([0, 7]);
    const again = await follow();
    again.following.add(0, first);
    again.following.finish();
    await again.ended;
    expect(lastPicture(again.events).paths.tracks[0]?.losses[0]).toBe(way?.losses[0]);
  });

  it('passes over samples of another network, and those that say nothing new', async () => {
    const { following, events, ended } = await follow();
    const other = await trainerOf(
      source({ layers: [{ id: 'output', type: 'dense', units: 1, activation: 'sigmoid' }] }),
    );
    const same = await trainerOf(source());
    following.add(0, other.sampleWeights()!);
    following.add(7, same.sampleWeights()!);
    following.add(0, same.sampleWeights()!);
    following.add(0, same.sampleWeights()!);
    following.finish();
    await ended;
    expect(lastPicture(events).paths.tracks[0]?.epochs).toHaveLength(1);
  });

  it('that was over before it was seen ends with what to do', async () => {
    const { following, events, ended } = await follow(['mine'], true);
    following.finish();
    await ended;
    expect(events).toEqual([
      { kind: 'end', reason: 'failed', message: expect.stringContaining('Choose its run') as string },
    ]);
  });

  it('is let go of when it is cancelled', async () => {
    const { following, events, ended } = await follow();
    following.cancel();
    await ended;
    expect(events).toEqual([{ kind: 'end', reason: 'cancelled' }]);
  });
});
