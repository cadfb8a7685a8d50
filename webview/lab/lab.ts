import { EngineError } from '../../engine/model/errors.ts';
import type { OptimizerForm } from '../../engine/model/fields.ts';
import { readFormula } from '../../engine/model/formula.ts';
import type { OptimizerType } from '../../engine/model/optimizerFields.ts';
import type { OptimizerSettings } from '../../engine/model/schema.ts';
import { surfaceTable, type Point, type SurfaceName } from '../../engine/model/surfaceTable.ts';
import type { Channel } from '../../engine/protocol/channel.ts';
import { defaultStart, type ExploreEvent, type PathsEvent, type SurfaceChoice } from '../../engine/protocol/lab.ts';
import type { LabModel, LabOrigin, LabToHost } from '../../engine/protocol/views.ts';
import { t } from '../kit/language.ts';
import type { Store } from '../kit/store.ts';
import { startCamera, type Camera } from './camera.ts';
import { fieldOn, settingsOn } from './fittingRates.ts';
import { Playback } from './playback.ts';
import { presets, type RaceSetup } from './presets.ts';
import { settingsOf, type Racer } from './racer.ts';
import {
  lengthOf,
  originOf,
  racersOf,
  type LabMode,
  type LabState,
  type NetworkState,
  type NoiseState,
} from './state.ts';

export type LabHost = Channel<LabToHost, object>;

type SurfaceChange = Pick<RaceSetup, 'surface' | 'domain' | 'start'>;

/** Points of a test surface's grid, each way. */
const gridPoints = 121;
const explorePoints = 51;

/** What a user can do in the lab: each act changes the state, and asks the host where something must be computed. */
export class Lab {
  readonly store: Store<LabState>;
  readonly playback = new Playback();
  readonly #host: LabHost;
  /** Where the surface was looked at from last. */
  camera: Camera = startCamera;
  readonly #listeners = new Set<() => void>();
  /** Counts the races, so that an answer that comes late is passed over. */
  #race = 0;
  #paths: PathsEvent | undefined;

  constructor(store: Store<LabState>, host: LabHost) {
    this.store = store;
    this.#host = host;
  }

  /** Hears of every change of what the user has set up, and of more. */
  onDidChange(listener: () => void): void {
    this.#listeners.add(listener);
    this.store.subscribe(listener);
    this.playback.subscribe(listener);
  }

  takePreset(title: string): void {
    const preset = presets.find(known => known.title === title);
    if (!preset) return;
    this.store.update({ preset: title, text: preset.text, selected: 0, hidden: new Set(), editing: false });
    this.store.update({ ownRacers: false });
    this.#setUp({ ...preset, stopGradient: 0 });
  }

  takeSurface(name: SurfaceName): void {
    const { domain, start } = surfaceTable[name];
    const surface: SurfaceChoice =
      name === 'quadratic' ? { kind: 'quadratic', lambda: [1, 10] } : { kind: 'named', name };
    this.#change({ surface, domain, start });
  }

  takeFormula(text: string): void {
    const { domain, surface } = this.store.state.setup;
    const change: SurfaceChange = { surface: { kind: 'formula', text }, domain, start: defaultStart };
    if (surface.kind === 'formula') this.#customize(change);
    else this.#change(change);
  }

  setLambda(lambda: Point): void {
    this.#customize({ surface: { kind: 'quadratic', lambda } });
  }

  /** Restarts from a point: all of them, or only the selected one. */
  startAt(start: Point, onlySelected = false): void {
    const { setup, selected } = this.store.state;
    this.#customize(
      onlySelected
        ? { racers: setup.racers.map((racer, i) => (i === selected ? { ...racer, start } : racer)) }
        : { start, racers: setup.racers.map(racer => ({ ...racer, start: undefined })) },
    );
  }

  /** Notes where the surface is looked at from. */
  lookFrom(camera: Camera): void {
    this.camera = camera;
    for (const listener of this.#listeners) listener();
  }

  setSteps(steps: number): void {
    this.#customize({ steps });
  }

  setStopGradient(stopGradient: number): void {
    this.#customize({ stopGradient });
  }

  setMode(mode: LabMode): void {
    this.playback.pause();
    this.store.update({ mode, selected: 0, hidden: new Set(), editing: false });
    this.playback.restart(lengthOf(this.store.state));
    if (mode === 'network') this.playback.seek(this.playback.length);
  }

  select(index: number): void {
    this.store.update({ selected: index });
    this.playback.seek(this.playback.step);
  }

  toggleHidden(index: number): void {
    const hidden = new Set(this.store.state.hidden);
    if (!hidden.delete(index)) hidden.add(index);
    this.store.update({ hidden });
  }

  changeSelected(change: Partial<Racer>): void {
    const { selected } = this.store.state;
    this.#setRacers(racersOf(this.store.state).map((racer, i) => (i === selected ? { ...racer, ...change } : racer)));
  }

  changeType(type: OptimizerType): void {
    const { form } = racersOf(this.store.state)[this.store.state.selected]?.optimizer ?? {};
    this.changeSelected({ optimizer: this.#settingsOf(type, form) });
  }

  addRacer(type: OptimizerType): void {
    const racers = racersOf(this.store.state);
    this.#setRacers([...racers, { optimizer: this.#settingsOf(type) }]);
    this.store.update({ selected: racers.length, editing: true });
  }

  removeSelected(): void {
    const { selected } = this.store.state;
    const racers = racersOf(this.store.state).filter((_, i) => i !== selected);
    if (racers.length === 0) return;
    this.store.update({ selected: Math.min(selected, racers.length - 1), hidden: new Set() });
    this.#setRacers(racers);
  }

  /** Runs the race of the state and shows it from its start. */
  async run(): Promise<void> {
    const { setup } = this.store.state;
    const { surface, racers, start, steps, stopGradient, domain } = setup;
    const number = ++this.#race;
    if (surface.kind === 'formula' && readFormula(surface.text).issue) return;
    try {
      const [tracks, grid] = await Promise.all([
        this.#host.race({ surface, racers, start, steps, seed: 1, ...(stopGradient > 0 && { stopGradient }) }),
        this.#host.surfaceGrid({ surface, domain, columns: gridPoints, rows: gridPoints }),
      ]);
      if (number !== this.#race) return;
      this.store.update({ tracks, grid, problem: '' });
      if (this.store.state.mode === 'surface') this.playback.restart(lengthOf(this.store.state));
    } catch (thrown) {
      if (number === this.#race) this.store.update({ problem: EngineError.from(thrown).message });
    }
  }

  knowModel(model: LabModel | undefined, modelProblem = ''): void {
    const { network, modelUri } = this.store.state;
    this.store.update({ model, modelProblem });
    if (!model || model.uri === modelUri) return;
    this.store.update({ modelUri: model.uri });
    const others = network.racers.filter(({ optimizer }) => optimizer.type !== model.optimizer.type);
    this.#network({
      racers: [{ optimizer: model.optimizer }, ...others].slice(0, 6),
      epochs: Math.min(100, model.epochs),
      furtherEpochs: 0,
      origins: [],
      origin: undefined,
      running: false,
      paths: undefined,
      grid: undefined,
      message: '',
    });
    this.#noise({ measurement: undefined, message: '' });
  }

  /** Follows what begins to train while it is looked at, unless the user has chosen something else. */
  knowOrigins(origins: readonly LabOrigin[], exploring: boolean): void {
    const { mode, network, model } = this.store.state;
    // What was sent to a page that is gone comes before the model does.
    if (!model) return;
    const isNew = originOf({ ...network, origins })?.kind === 'live' && originOf(network)?.kind !== 'live';
    const showsOther = network.origins.length === 0 && network.paths !== undefined;
    this.#network({ origins, running: exploring });
    if (isNew && mode === 'network' && !exploring && !showsOther) void this.explore();
  }

  chooseModel(): void {
    void this.#host.chooseModel.asEvent();
  }

  setNetwork(change: Partial<Pick<NetworkState, 'directions' | 'epochs' | 'furtherEpochs'>>): void {
    this.#network(change);
  }

  chooseOrigin(title: string): void {
    const origin = this.store.state.network.origins.find(known => known.title === title);
    if (!origin || origin.id === originOf(this.store.state.network)?.id) return;
    this.store.update({ selected: 0, hidden: new Set() });
    this.#network({ origin: origin.id, paths: undefined, grid: undefined, message: '' });
  }

  /** Explores around an origin, or the likeliest one for '', unless that is what is shown. */
  async showNetwork(id: string): Promise<void> {
    const before = originOf(this.store.state.network);
    if (this.store.state.mode !== 'network') this.setMode('network');
    const wanted = this.store.state.network.origins.find(origin => origin.id === id);
    if (wanted) this.chooseOrigin(wanted.title);
    const { network } = this.store.state;
    const isShown = network.paths !== undefined && originOf(network)?.id === before?.id;
    if (!network.running && !isShown) await this.explore();
  }

  async explore(): Promise<void> {
    const { network } = this.store.state;
    const { racers, directions, epochs, furtherEpochs } = network;
    const origin = originOf(network);
    if (!origin) return;
    this.#network({ running: true, message: t('Reading the data…'), paths: undefined, grid: undefined });
    try {
      await this.#host.explore({
        optimizers: racers.map(({ optimizer }) => optimizer),
        directions,
        epochs: origin.kind === 'run' ? furtherEpochs : epochs,
        origin: origin.id,
        resolution: explorePoints,
      });
    } catch (thrown) {
      this.#network({ running: false, message: EngineError.from(thrown).message });
    }
  }

  cancel(): void {
    this.#host.cancelExploration().catch(() => undefined);
  }

  learn(event: ExploreEvent): void {
    switch (event.kind) {
      case 'paths':
        // Shown with the surface of the same plane, which follows.
        this.#paths = event;
        this.#network({
          running: true,
          message:
            event.epoch < event.epochs
              ? t('Training: epoch {0} of {1}', Math.floor(event.epoch), event.epochs)
              : t('Computing the surface…'),
        });
        break;
      case 'grid':
        this.#network({ paths: this.#paths, grid: event.grid, coarse: event.coarse, rows: event.rows });
        if (this.store.state.mode === 'network') this.playback.extend(lengthOf(this.store.state));
        break;
      case 'end':
        this.#network({
          running: false,
          message: event.reason === 'completed' ? '' : (event.message ?? t('Cancelled. What was found so far stays.')),
        });
    }
  }

  setNoiseEpochs(epochs: number): void {
    this.#noise({ epochs });
  }

  async measureNoise(): Promise<void> {
    const { epochs } = this.store.state.noise;
    this.#noise({ running: true, message: '' });
    try {
      this.#noise({ measurement: await this.#host.gradientNoise({ epochs }), running: false });
    } catch (thrown) {
      this.#noise({ running: false, message: EngineError.from(thrown).message });
    }
  }

  /** An optimizer that suits the surface; on a network, with its defaults. */
  #settingsOf(type: OptimizerType, form?: OptimizerForm): OptimizerSettings {
    const { mode, setup } = this.store.state;
    return mode === 'surface' ? settingsOn(setup.surface, type, form) : settingsOf(type, {}, form);
  }

  #setRacers(racers: readonly Racer[]): void {
    if (this.store.state.mode === 'surface') {
      this.store.update({ ownRacers: true });
      this.#customize({ racers });
    } else this.#network({ racers, paths: undefined, grid: undefined });
  }

  /** Takes another surface, and optimizers that suit it unless the user has entered others. */
  #change(change: SurfaceChange): void {
    if (this.store.state.ownRacers) {
      this.#customize(change);
      return;
    }
    this.store.update({ selected: 0, hidden: new Set() });
    this.#customize({ ...change, racers: fieldOn(change.surface) });
  }

  #customize(change: Partial<RaceSetup>): void {
    this.store.update({ preset: '', text: '' });
    this.#setUp({ ...this.store.state.setup, ...change });
  }

  #setUp({ surface, domain, start, steps, stopGradient, racers }: RaceSetup): void {
    this.playback.pause();
    this.store.update({ setup: { surface, domain, start, steps, stopGradient, racers }, problem: '' });
    void this.run();
  }

  #network(change: Partial<NetworkState>): void {
    this.store.update({ network: { ...this.store.state.network, ...change } });
  }

  #noise(change: Partial<NoiseState>): void {
    this.store.update({ noise: { ...this.store.state.noise, ...change } });
  }
}
