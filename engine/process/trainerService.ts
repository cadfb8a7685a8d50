import { diagnose } from '../diagnosis/diagnose.ts';
import { explainStep } from '../diagnosis/explainStep.ts';
import { EngineError } from '../model/errors.ts';
import type { DeviceCalls } from '../protocol/deviceCalls.ts';
import type { Devices } from '../protocol/devices.ts';
import type { Diagnosis } from '../protocol/diagnosis.ts';
import type { StepExplanation } from '../protocol/explanation.ts';
import type { EndEvent, TrainingEvent } from '../protocol/events.ts';
import type { NetworkSample } from '../protocol/networkSample.ts';
import type { WeightSample } from '../protocol/weightSample.ts';
import type {
  DataDescription,
  ForkRequest,
  ExplainRequest,
  HyperparameterChange,
  ModelSource,
  ResumeRequest,
  StartRequest,
  TableDescription,
  TableSource,
  TrainerCalls,
  WeightChange,
} from '../protocol/trainer.ts';
import { describeArray } from '../training/describeArray.ts';
import { describeData } from '../training/describeData.ts';
import { describeTable } from '../training/describeTable.ts';
import { describeDevices } from '../training/probe.ts';
import { requireModel } from '../training/readModelFile.ts';
import { readForkPoint } from '../training/fork.ts';
import { readResumableRun } from '../training/resume.ts';
import { Trainer } from '../training/trainer.ts';
import type { TrainerOptions } from '../training/trainerOptions.ts';

/** The host: where what the service has to say goes, and what it may ask. */
interface TrainerHost {
  event(event: TrainingEvent): void;
  network(sample: NetworkSample): void;
  weights(sample: WeightSample): void;
  /** The devices that the host offers. */
  elsewhere(): DeviceCalls;
}

/** Answers the host's calls. One process trains one model at a time. */
export class TrainerService implements TrainerCalls {
  readonly #host: TrainerHost;
  /** From the call of `start` to the end of its run. */
  #busy = false;
  #trainer: Trainer | undefined;
  #ended: Promise<EndEvent> | undefined;
  /** Ends the reading of the data. */
  #loading: AbortController | undefined;
  /** The last gradient sample has been drawn. */
  #gradientsWanted = false;
  /** The last predictions have been drawn. */
  #predictionsWanted = false;
  /** The layer whose matrices the view draws. */
  #watched = '';
  /** Somebody draws the way of the run at hand, or of the next one. */
  #wayWatched = false;

  constructor(host: TrainerHost) {
    this.#host = host;
  }

  describeData = async ({ path, text }: ModelSource): Promise<DataDescription> =>
    describeData(requireModel(text, path));

  describeTable = ({ path, kind }: TableSource): Promise<TableDescription> =>
    kind === 'csv' ? describeTable(path) : describeArray(path, kind);
  diagnose = async ({ path, text }: ModelSource): Promise<Diagnosis> => diagnose(requireModel(text, path));

  explainStep = async ({ source: { path, text }, run, sample }: ExplainRequest): Promise<StepExplanation> =>
    explainStep(requireModel(text, path), { run, sample });

  describeDevices = (): Promise<Devices> => describeDevices();

  start = ({ source, paused = false, ...folders }: StartRequest): Promise<void> =>
    this.#start(() => ({ source: requireModel(source.text, source.path), ...folders }), paused);

  resumeRun = ({ folder, modelPath, acceptChangedData, threads, cpuOnly }: ResumeRequest): Promise<void> =>
    this.#start(() => {
      const resume = readResumableRun(folder, { modelFile: modelPath });
      return { source: resume.source, resume, acceptChangedData, threads, cpuOnly, replay: true };
    });

  forkRun = ({ source, folder, step, paused = false, ...rest }: ForkRequest): Promise<void> =>
    this.#start(
      () => ({ source: requireModel(source.text, source.path), fork: readForkPoint(folder, step), ...rest }),
      paused,
    );

  async #start(
    optionsOf: () => Omit<TrainerOptions, 'emit' | 'wantsGradients' | 'wantsPredictions'>,
    paused = false,
  ): Promise<void> {
    if (this.#busy) throw new EngineError('already-running', 'A training is running already. Stop it first.');
    this.#busy = true;
    const loading = new AbortController();
    this.#loading = loading;
    try {
      this.#trainer = await Trainer.create({
        ...optionsOf(),
        histograms: true,
        elsewhere: this.#host.elsewhere(),
        emit: this.#relay,
        wantsGradients: () => this.#gradientsWanted,
        wantsPredictions: () => this.#predictionsWanted,
        signal: loading.signal,
        watchesLayer: layerId => layerId === this.#watched,
      });
      if (paused) this.#trainer.pause();
      // Data that are drawn, and the last of a file's, are there before an abort is heard.
      if (loading.signal.aborted) this.#trainer.stop();
    } catch (error) {
      this.#busy = false;
      throw loading.signal.aborted ? new EngineError('not-running', 'Stopped while the data were being read.') : error;
    } finally {
      this.#loading = undefined;
    }
    this.#ended = this.#run(this.#trainer);
  }

  pause = (): Promise<{ step: number }> =>
    Promise.resolve().then(() => {
      const trainer = this.#running();
      trainer.pause();
      return { step: trainer.step };
    });

  resume = (): Promise<void> =>
    Promise.resolve().then(() => {
      this.#running().resume();
    });

  step = async (): Promise<{ step: number }> => {
    const trainer = this.#running();
    await trainer.stepOnce();
    return { step: trainer.step };
  };

  stop = async (): Promise<{ step: number }> => {
    if (this.#loading) {
      this.#loading.abort();
      return { step: 0 };
    }
    const trainer = this.#running();
    trainer.stop();
    await this.#ended;
    return { step: trainer.step };
  };

  setHyperparameters = (change: HyperparameterChange): Promise<{ fromStep: number }> =>
    Promise.resolve().then(() => ({ fromStep: this.#running().setHyperparameters(change) }));

  setWeight = async (change: WeightChange): Promise<{ fromStep: number }> => ({
    fromStep: await this.#running().setWeight(change),
  });

  acknowledgeGradients = (): Promise<void> => {
    this.#gradientsWanted = true;
    return Promise.resolve();
  };

  acknowledgePredictions = (): Promise<void> => {
    this.#predictionsWanted = true;
    return Promise.resolve();
  };

  /** Calls are answered between two steps, so the network stands still while it is looked at; that of a device is waited for. */
  requestNetwork = (): Promise<void> => {
    this.#trainer?.onlookers.whenHome(this.#showNetwork, { lastStep: true });
    return Promise.resolve();
  };

  readonly #showNetwork = (): void => {
    const sample = this.#trainer?.networkSampler.sample();
    if (sample) this.#host.network(sample);
  };

  requestWeights = (): Promise<void> => {
    this.#wayWatched = true;
    this.#trainer?.onlookers.whenHome(this.#showWeights);
    return Promise.resolve();
  };

  readonly #showWeights = (): void => {
    const sample = this.#trainer?.sampleWeights();
    if (sample) this.#host.weights(sample);
  };

  watchLayer = (layerId: string): Promise<void> => {
    this.#watched = layerId;
    return Promise.resolve();
  };

  #relay = (event: TrainingEvent): void => {
    // Whoever looks when the run is over sees the weights it ended with.
    if (event.event === 'end') {
      this.#showNetwork();
      if (this.#wayWatched) this.#showWeights();
      this.#wayWatched = false;
    }
    if (event.event === 'gradients') this.#gradientsWanted = false;
    if (event.event === 'predictions') this.#predictionsWanted = false;
    this.#host.event(event);
  };

  async #run(trainer: Trainer): Promise<EndEvent> {
    try {
      // The answer to `start` goes out before the first event.
      await new Promise(resolve => setImmediate(resolve));
      if (this.#wayWatched) this.#showWeights();
      return await trainer.run();
    } finally {
      this.#trainer = undefined;
      this.#busy = false;
    }
  }

  #running(): Trainer {
    if (!this.#trainer) throw new EngineError('not-running', 'No training is running. Start one.');
    return this.#trainer;
  }
}
