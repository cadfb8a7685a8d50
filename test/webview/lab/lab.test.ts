import { describe, expect, it } from 'vitest';
import { race, surfaceGrid } from '../../../engine/landscape/race.ts';
import { connect, type Port } from '../../../engine/protocol/channel.ts';
import {
  labHostSchemas,
  type LabOrigin,
  type LabToHost,
  type ViewedExploration,
} from '../../../engine/protocol/views.ts';
import { Store } from '../../../webview/kit/store.ts';
import { keptOf, recalled } from '../../../webview/lab/keptLab.ts';
import { Lab } from '../../../webview/lab/lab.ts';
import { settingsOf } from '../../../webview/lab/racer.ts';
import { originOf, startState } from '../../../webview/lab/state.ts';

/** A lab whose host races with the engine, and notes what it is asked to explore. */
function laboratory() {
  const explored: ViewedExploration[] = [];
  let toHost: (message: unknown) => void = () => undefined;
  let toView: (message: unknown) => void = () => undefined;
  const viewEnd: Port = { post: message => toHost(message), onMessage: listener => void (toView = listener) };
  const hostEnd: Port = { post: message => toView(message), onMessage: listener => void (toHost = listener) };
  const onDropped = (reason: string) => expect.unreachable(reason);
  const local: LabToHost = {
    ready: () => undefined,
    race: request => Promise.resolve(race(request)),
    surfaceGrid: request => Promise.resolve(surfaceGrid(request)),
    chooseModel: () => undefined,
    explore: request => Promise.resolve(void explored.push(request)),
    cancelExploration: () => Promise.resolve(),
    gradientNoise: () => Promise.reject(new Error('Nobody measures here.')),
  };
  connect<object, LabToHost>(hostEnd, local, { schemas: labHostSchemas, onDropped });
  const lab = new Lab(new Store(startState), connect<LabToHost, object>(viewEnd, {}, { schemas: {}, onDropped }));
  return { lab, explored };
}

const seed: LabOrigin = { id: 'seed', kind: 'seed', title: 'First weights, seed 42' };
const run: LabOrigin = { id: '/runs/1', kind: 'run', title: 'Run 1' };
const live: LabOrigin = { id: 'training', kind: 'live', title: 'Training that runs' };
const model = { uri: 'file:///a.mlp.json', name: 'a', optimizer: settingsOf('adam'), epochs: 30 };
const types = (lab: Lab) => lab.store.state.setup.racers.map(({ optimizer }) => optimizer.type);

describe('the lab', () => {
  it('brings optimizers that suit a surface, unless the user has entered others', () => {
    const { lab } = laboratory();
    lab.takePreset('GD, SGD, minibatch');
    lab.takeSurface('rosenbrock');
    expect(types(lab)).toEqual(['sgd', 'momentum', 'adagrad', 'rmsprop', 'adam']);
    lab.select(0);
    lab.changeType('lion');
    lab.takeSurface('beale');
    expect(types(lab)).toEqual(['lion', 'momentum', 'adagrad', 'rmsprop', 'adam']);
    lab.takePreset('Wide exploration');
    lab.takeFormula('x^2 + y^2');
    expect(types(lab)).toHaveLength(5);
  });

  it('lets optimizers rest by its stop rule', async () => {
    const { lab } = laboratory();
    lab.takeSurface('globalMinimum');
    lab.setStopGradient(0.1);
    await expect.poll(() => lab.store.state.tracks[0]?.steps).toBeLessThan(lab.store.state.setup.steps);
    expect(lab.store.state.tracks[0]?.diverged).toBe(false);
  });

  it('looks around what trains, else the latest run, else the first weights', () => {
    const { lab } = laboratory();
    lab.knowModel(model);
    const origin = (...origins: LabOrigin[]) => {
      lab.knowOrigins(origins, false);
      return originOf(lab.store.state.network)?.id;
    };
    expect(origin(seed)).toBe('seed');
    expect(origin(run, seed)).toBe(run.id);
    expect(origin(live, run, seed)).toBe('training');
    lab.chooseOrigin(seed.title);
    expect(origin(live, run, seed)).toBe('seed');
  });

  it('follows what begins to train while the network is looked at', async () => {
    const { lab, explored } = laboratory();
    lab.knowModel(model);
    lab.setMode('network');
    lab.knowOrigins([seed], false);
    expect(explored).toEqual([]);
    lab.knowOrigins([live, seed], false);
    await expect.poll(() => explored.map(({ origin }) => origin)).toEqual(['training']);
  });

  it('follows nothing by itself on a test surface, while an exploration runs, or when something else is chosen', async () => {
    const { lab, explored } = laboratory();
    lab.knowModel(model);
    lab.knowOrigins([live, seed], false);
    lab.knowOrigins([seed], false);
    lab.setMode('network');
    lab.knowOrigins([live, seed], true);
    lab.knowOrigins([run, seed], false);
    lab.chooseOrigin(seed.title);
    lab.knowOrigins([live, run, seed], false);
    await lab.explore();
    expect(explored.map(({ origin }) => origin)).toEqual(['seed']);
  });

  it('shows the network around a run when that is asked for, and what is likeliest meant when nothing is named', async () => {
    const { lab, explored } = laboratory();
    lab.knowModel(model);
    lab.knowOrigins([run, { ...run, id: '/runs/0', title: 'Run 0' }, seed], false);
    await lab.showNetwork('/runs/0');
    expect(lab.store.state.mode).toBe('network');
    lab.knowModel({ ...model, uri: 'file:///b.mlp.json' });
    lab.knowOrigins([run, seed], false);
    await lab.showNetwork('');
    expect(explored.map(({ origin }) => origin)).toEqual(['/runs/0', run.id]);
  });

  it('trains no epochs more around a run, until it is asked to', async () => {
    const { lab, explored } = laboratory();
    lab.knowModel(model);
    lab.knowOrigins([run, seed], false);
    await lab.explore();
    lab.setNetwork({ furtherEpochs: 7 });
    await lab.explore();
    lab.chooseOrigin(seed.title);
    await lab.explore();
    expect(explored.map(({ epochs }) => epochs)).toEqual([0, 7, 30]);
  });
});

describe('a lab that comes back', () => {
  it('is set up as it was', () => {
    const { lab } = laboratory();
    lab.takeFormula('x^2 + 3y^2');
    lab.setStopGradient(0.01);
    lab.startAt([1, -1]);
    lab.addRacer('lion');
    lab.startAt([0.5, 0.5], true);
    lab.knowModel(model);
    lab.knowOrigins([run, seed], false);
    lab.chooseOrigin(seed.title);
    lab.setMode('network');
    lab.playback.setSpeed(4);
    lab.lookFrom({ azimuth: 2, elevation: 1, distance: 5 });
    const { state, speed, camera } = recalled(JSON.parse(JSON.stringify(keptOf(lab))));
    const { setup, mode, ownRacers, network } = lab.store.state;
    expect(state).toMatchObject({
      mode,
      ownRacers,
      preset: '',
      modelUri: model.uri,
      network: { racers: network.racers, origin: 'seed', epochs: 30 },
    });
    expect(JSON.stringify(state.setup)).toBe(JSON.stringify(setup));
    expect([speed, camera]).toEqual([4, { azimuth: 2, elevation: 1, distance: 5 }]);
  });

  it('keeps the text of its preset', () => {
    const { lab } = laboratory();
    lab.takePreset('Wide exploration');
    expect(recalled(keptOf(lab)).state.text).toBe(lab.store.state.text);
  });

  it.each([undefined, null, 'lab', { mode: 'surface' }, { ...keptOf(laboratory().lab), speed: 'fast' }])(
    'from %j is as at first',
    kept => {
      expect(recalled(kept)).toEqual({ state: startState });
    },
  );
});
