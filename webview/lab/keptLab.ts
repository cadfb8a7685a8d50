import * as z from 'zod';
import { directionKinds, gridRequestSchema, mostRaceSteps, raceRequestSchema } from '../../engine/protocol/lab.ts';
import { cameraSchema, type Camera } from './camera.ts';
import type { Lab } from './lab.ts';
import { speeds } from './playback.ts';
import { presets } from './presets.ts';
import { labModes, startState, type LabState } from './state.ts';

const racers = raceRequestSchema.shape.racers;

/** What the user has set up, as the page keeps it. */
const keptSchema = z.object({
  mode: z.enum(labModes),
  /** The preset, while it is as it was taken. */
  preset: z.string(),
  setup: z.object({
    surface: raceRequestSchema.shape.surface,
    domain: gridRequestSchema.shape.domain,
    start: raceRequestSchema.shape.start,
    steps: z.int().min(1).max(mostRaceSteps),
    stopGradient: z.number().min(0),
    racers,
  }),
  ownRacers: z.boolean(),
  selected: z.int().min(0),
  model: z.string(),
  network: z.object({
    racers,
    directions: z.enum(directionKinds),
    epochs: z.int().min(0),
    furtherEpochs: z.int().min(0),
    origin: z.string().optional(),
  }),
  noiseEpochs: z.int().min(0),
  speed: z.number(),
  camera: cameraSchema,
});
type KeptLab = z.infer<typeof keptSchema>;

/** What is kept of the lab as it is now. */
export function keptOf({ store: { state }, playback, camera }: Pick<Lab, 'store' | 'playback' | 'camera'>): KeptLab {
  const { mode, preset, setup, ownRacers, selected, model, network, noise } = state;
  const { surface, domain, start, steps, stopGradient } = setup;
  const { directions, epochs, furtherEpochs, origin } = network;
  return {
    mode,
    preset,
    setup: { surface, domain, start, steps, stopGradient, racers: setup.racers },
    ownRacers,
    selected,
    model: model?.uri ?? state.modelUri,
    network: { racers: network.racers, directions, epochs, furtherEpochs, origin },
    noiseEpochs: noise.epochs,
    speed: playback.speed,
    camera,
  };
}

/** The lab as it was before the page went; as it is at first where nothing readable was kept. */
export function recalled(kept: unknown): {
  readonly state: LabState;
  readonly speed?: number;
  readonly camera?: Camera;
} {
  const read = keptSchema.safeParse(kept).data;
  if (!read) return { state: startState };
  const { mode, setup, ownRacers, selected, model, network, noiseEpochs, speed, camera } = read;
  const preset = presets.find(({ title }) => title === read.preset);
  return {
    state: {
      ...startState,
      mode,
      preset: preset?.title ?? '',
      text: preset?.text ?? '',
      setup,
      ownRacers,
      selected,
      modelUri: model,
      network: { ...startState.network, ...network, origin: network.origin },
      noise: { ...startState.noise, epochs: noiseEpochs },
    },
    ...((speeds as readonly number[]).includes(speed) && { speed }),
    camera,
  };
}

/** Milliseconds between two keepings, each of which is a message to the host; a page may go right after a change. */
const interval = 50;

/** Keeps what the user has set up, soon after it has changed and when the page goes. */
export function keepLab(lab: Lab, keep: (view: object, model: string) => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let kept = '';
  const keepNow = () => {
    clearTimeout(timer);
    timer = undefined;
    const view = keptOf(lab);
    const text = JSON.stringify(view);
    if (text === kept) return;
    kept = text;
    keep(view, view.model);
  };
  lab.onDidChange(() => {
    timer ??= setTimeout(keepNow, interval);
  });
  window.addEventListener('pagehide', keepNow);
}
