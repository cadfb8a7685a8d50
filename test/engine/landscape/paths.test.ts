import { describe, expect, it } from 'vitest';
import { loadData } from '../../../engine/data/load.ts';
import { Exploration } from '../../../engine/landscape/exploration.ts';
import { measureGradientNoise } from '../../../engine/landscape/gradientNoise.ts';
import { domainOf, dot, offPlaneShare, pathPlane, project, spanned } from '../../../engine/landscape/pathPlane.ts';
import { randomPlane } from '../../../engine/landscape/randomPlane.ts';
import { flat, setFlat } from '../../../engine/network/flatWeights.ts';
import { referenceBackend } from '../../../engine/backends/reference/reference.ts';
import type { ExploreEvent, ExploreRequest } from '../../../engine/protocol/lab.ts';
import { requireModel } from '../../../engine/training/readModelFile.ts';
import { TrainingSession } from '../../../engine/training/session.ts';
import { settingsOf } from '../../../webview/lab/racer.ts';
import { batchNormLayers, inline, lastPicture, source } from './subjects.ts';

describe('the plane of paths', () => {
  /** A spiral in a tilted plane of 20 dimensions, and a little movement out of it. */
  const [u, v, n] = [3, 5, 7].map(k => {
    const direction = Float64Array.from({ length: 20 }, (_, i) => Math.sin(k * i + k));
    return direction.map(value => value / Math.sqrt(dot(direction, direction)));
  }) as [Float64Array, Float64Array, Float64Array];
  const spiral = (off: number) =>
    Array.from({ length: 60 }, (_, t) =>
      u.map((value, i) => 2 + t * Math.cos(t / 5) * value + t * Math.sin(t / 5) * v[i]! + off * Math.cos(t) * n[i]!),
    );

  it('is the one in which a flat path lies: nothing is off it, and distances stay', () => {
    const weights = spiral(0);
    const plane = pathPlane(weights);
    const positions = project(plane, weights);
    expect(offPlaneShare(plane, weights, positions)).toBeLessThan(1e-12);
    const inPlane = Math.hypot(positions[118]! - positions[0]!, positions[119]! - positions[1]!);
    const apart = weights[59]!.map((value, i) => value - weights[0]![i]!);
    expect(inPlane).toBeCloseTo(Math.sqrt(dot(apart, apart)), 9);
    expect(dot(plane.first, plane.second)).toBeCloseTo(0, 10);
    expect(dot(plane.first, plane.first)).toBeCloseTo(1, 10);
  });

  it('says how much of the movement it does not show', () => {
    const weights = spiral(5);
    const plane = pathPlane(weights);
    const share = offPlaneShare(plane, weights, project(plane, weights));
    expect(share).toBeGreaterThan(0.001);
    expect(share).toBeLessThan(0.1);
  });

  it('keeps its directions while a path grows', () => {
    const before = pathPlane(spiral(0).slice(0, 40));
    const after = pathPlane(spiral(0), { ...before, first: before.first.map(value => -value) });
    expect(dot(after.first, before.first)).toBeLessThanOrEqual(0);
  });

  it('of a path that stands still is a point with room around it', () => {
    const weights = [u, u];
    const positions = project(pathPlane(weights), weights);
    expect([...positions]).toEqual([0, 0, 0, 0]);
    expect(domainOf([positions])).toEqual({ x: [-1, 1], y: [-1, 1] });
  });

  it('of a straight path has a second direction at a right angle, and room along it', () => {
    const weights = [0, 1, 2].map(t => u.map(value => t * value));
    const other = { center: u, first: v, second: u.map((value, i) => value + n[i]!) };
    const plane = spanned(pathPlane(weights), () => other);
    expect(dot(plane.second, plane.second)).toBeCloseTo(1, 12);
    expect(dot(plane.first, plane.second)).toBeCloseTo(0, 12);
    const { x, y } = domainOf([project(plane, weights)]);
    expect(x[1] - x[0]).toBeCloseTo(2 * 1.4, 9);
    expect(y[1] - y[0]).toBeCloseTo(2, 9);
  });

  it('of a path in a plane needs no other direction', () => {
    const plane = pathPlane(spiral(0));
    expect(spanned(plane, () => expect.unreachable())).toBe(plane);
  });
});

describe('random directions', () => {
  it('have, for each unit, the length of its weights, and leave biases alone', async () => {
    const given = requireModel(source().text, source().path);
    const session = new TrainingSession(given, await loadData(given), referenceBackend);
    const center = flat(session.network.parameters);
    const { first, second } = randomPlane(session.network.parameters, center, 1);
    let at = 0;
    for (const { kind, value } of session.network.parameters)
      for (let row = 0; row < value.rows; row++, at += value.columns) {
        const norm = (all: Float64Array) =>
          Math.sqrt(dot(all.subarray(at, at + value.columns), all.subarray(at, at + value.columns)));
        expect(norm(first)).toBeCloseTo(kind === 'weight' ? norm(center) : 0, 12);
        expect(norm(second)).toBeCloseTo(kind === 'weight' ? norm(center) : 0, 12);
      }
    expect([...randomPlane(session.network.parameters, center, 1).first]).toEqual([...first]);
  });
});

async function explore(change: Partial<ExploreRequest> = {}, cancelAt?: ExploreEvent['kind']) {
  const events: ExploreEvent[] = [];
  const asked = { count: 0 };
  const exploration = await Exploration.create({
    request: {
      source: source(),
      optimizers: [settingsOf('sgd', { learningRate: 0.1 }), settingsOf('adam', { learningRate: 0.05 })],
      directions: 'paths',
      epochs: 20,
      resolution: 21,
      ...change,
    },
    emit: event => {
      events.push(event);
      if (event.kind === cancelAt) exploration.cancel();
    },
    computer: inline(asked),
  });
  await exploration.run();
  return { events, asked: asked.count };
}

describe('an exploration', () => {
  it('shows the paths, then a coarse surface, then the fine one', async () => {
    const { events } = await explore();
    const last = events.slice(-4);
    expect(last.map(({ kind }) => kind)).toEqual(['paths', 'grid', 'grid', 'end']);
    expect(last[1]).toMatchObject({ coarse: true, grid: { rows: 13, columns: 13 }, rows: 48 });
    expect(last[2]).toMatchObject({ coarse: false, grid: { rows: 21, columns: 21 } });
    expect(last[3]).toEqual({ kind: 'end', reason: 'completed' });
  });

  it('has in its plane the loss that the network has at the nearest weights', async () => {
    const { events } = await explore({ optimizers: [settingsOf('sgd', { learningRate: 0.5 })] });
    const paths = events.find(event => event.kind === 'paths');
    const grid = events.findLast(event => event.kind === 'grid');
    if (paths?.kind !== 'paths' || grid?.kind !== 'grid') throw new Error('There are no paths or no grid.');
    const [track] = paths.tracks;
    const { domain, heights, columns, rows } = grid.grid;
    const end = track!.positions.slice(-2);
    const column = Math.round(((end[0]! - domain.x[0]) / (domain.x[1] - domain.x[0])) * (columns - 1));
    const row = Math.round(((end[1]! - domain.y[0]) / (domain.y[1] - domain.y[0])) * (rows - 1));
    expect(heights[row * columns + column]).toBeCloseTo(track!.losses.at(-1)!, 1);
    expect(paths.offPlaneShare).toBeLessThan(0.2);
  });

  it('goes, for each optimizer, the way that training alone goes', async () => {
    const { events } = await explore({ epochs: 3 });
    const paths = events.findLast(event => event.kind === 'paths');
    const given = requireModel(source().text, source().path);
    const data = await loadData(given);
    const session = new TrainingSession(given, data, referenceBackend);
    while (session.step < 3 * session.plan.stepsPerEpoch) {
      session.forwardBackward();
      session.update();
    }
    const loss = (session.evaluate(data.split.train)?.loss ?? NaN) + session.network.penalty;
    expect(paths?.kind === 'paths' ? paths.tracks[0]?.losses.at(-1) : undefined).toBeCloseTo(loss, 12);
  });

  it('around random directions has the weights of the first optimizer in its middle', async () => {
    const { events } = await explore({ directions: 'random' });
    const { paths, grid } = lastPicture(events);
    expect([...paths.tracks[0]!.positions.slice(-2)]).toEqual([0, 0]);
    expect(grid.heights[10 * 21 + 10]).toBe(paths.tracks[0]!.losses.at(-1));
  });

  it('has under batch norm the surface of what the network has gathered by then', async () => {
    const { events } = await explore({ source: source({ layers: batchNormLayers }), directions: 'random' });
    const { paths, grid } = lastPicture(events);
    expect(grid.heights[10 * 21 + 10]).toBe(paths.tracks[0]!.losses.at(-1));
    expect(paths.tracks[0]!.losses.at(-1)).toBeLessThan(0.5 * paths.tracks[0]!.losses[0]!);
  });

  it('that is cancelled computes no further', async () => {
    const { events, asked } = await explore({ epochs: 100_000 }, 'paths');
    expect(events.at(-1)).toEqual({ kind: 'end', reason: 'cancelled' });
    expect(events.some(event => event.kind === 'grid')).toBe(false);
    expect(asked).toBeLessThanOrEqual(1);
  });

  it('lets an optimizer that diverges stop where its numbers end', async () => {
    const { events } = await explore({
      source: source({
        loss: 'meanSquaredError',
        layers: [{ id: 'output', type: 'dense', units: 1, activation: 'identity' }],
      }),
      optimizers: [settingsOf('sgd', { learningRate: 900 }), settingsOf('adam')],
      epochs: 300,
    });
    const paths = events.findLast(event => event.kind === 'paths');
    if (paths?.kind !== 'paths') throw new Error('There are no paths.');
    expect(paths.tracks.map(({ diverged }) => diverged)).toEqual([true, false]);
    for (const { positions, losses } of paths.tracks)
      expect([...positions, ...losses].every(Number.isFinite)).toBe(true);
    expect(events.at(-1)).toEqual({ kind: 'end', reason: 'completed' });
  });

  it('of a network too large for its paths is refused with what to do', async () => {
    const large = source({
      layers: [
        { id: 'hidden', type: 'dense', units: 3000, activation: 'tanh' },
        { id: 'more', type: 'dense', units: 3000, activation: 'tanh' },
        { id: 'output', type: 'dense', units: 1, activation: 'sigmoid' },
      ],
    });
    await expect(explore({ source: large })).rejects.toMatchObject({
      code: 'memory-limit',
      message: expect.stringMatching(/fewer optimizers/) as string,
    });
  });
});

describe('flat weights', () => {
  it('put back are the weights they were', async () => {
    const given = requireModel(source().text, source().path);
    const { network } = new TrainingSession(given, await loadData(given), referenceBackend);
    const before = flat(network.parameters);
    setFlat(
      network.parameters,
      before.map(value => value + 1),
    );
    setFlat(network.parameters, before);
    expect([...flat(network.parameters)]).toEqual([...before]);
  });
});

describe('the noise of gradients', () => {
  it('falls with the batch size as its covariance predicts', async () => {
    const { batches, rows, parameters, covarianceTrace } = await measureGradientNoise({ source: source(), epochs: 2 });
    expect(rows).toBe(48);
    expect(parameters).toBe(17);
    expect(batches.map(({ size }) => size)).toEqual([1, 2, 4, 8, 16, 32]);
    expect(batches[0]?.predicted).toBe(covarianceTrace);
    for (const { measured, predicted } of batches) expect(Math.abs(Math.log(measured / predicted))).toBeLessThan(0.35);
  });

  it('is not measured under batch norm, and says why', async () => {
    const layers = [
      { id: 'norm', type: 'batchNorm' },
      { id: 'output', type: 'dense', units: 1, activation: 'sigmoid' },
    ];
    await expect(measureGradientNoise({ source: source({ layers }), epochs: 0 })).rejects.toMatchObject({
      code: 'wrong-usage',
      message: expect.stringContaining('Use layer norm') as string,
    });
  });
});
