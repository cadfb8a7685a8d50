import { fork, type ChildProcess } from 'node:child_process';
import { t } from '@vscode/l10n';
import { connect, type Channel } from '../../engine/protocol/channel.ts';
import type { BackendName } from '../../engine/model/dataFields.ts';
import { EngineError } from '../../engine/model/errors.ts';
import { deviceCallSchemas, type DeviceCalls } from '../../engine/protocol/deviceCalls.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { labEventSchemas, type ExploreEvent, type LabCalls, type LabEvents } from '../../engine/protocol/lab.ts';
import type { NetworkSample } from '../../engine/protocol/networkSample.ts';
import type { WeightSample } from '../../engine/protocol/weightSample.ts';
import { trainerEventSchemas, type TrainerCalls, type TrainerEvents } from '../../engine/protocol/trainer.ts';
import type { OfferedDevice } from '../devices/offeredDevice.ts';

/** Milliseconds without a heartbeat after which a process counts as not responding. */
const silenceLimit = 5000;
/** Milliseconds that a process gets to end by itself. */
export const politeness = 2000;
/** Liveness is watched by heartbeat, and the end of a process rejects its calls: no call needs a clock of its own. */
const noTimeout = 2 ** 31 - 1;

export interface ProcessListener {
  events(batch: readonly TrainingEvent[]): void;
  /** What the drawn nodes and edges are by now. */
  network?(sample: NetworkSample): void;
  /** All weights, for whoever draws the way of the training. */
  weights?(sample: WeightSample): void;
  /** False when the heartbeat has stayed away, true when it is back. */
  responsive(value: boolean): void;
  /** What an exploration of the optimizer lab finds. */
  explored?(event: ExploreEvent): void;
}

/** What a process may call here. */
type HostMethods = TrainerEvents & LabEvents & DeviceCalls;

/** How a process ended. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ProcessLog {
  info(text: string): void;
  warn(text: string): void;
}

/** Starts a training process. One that trains says with which backend, since a GPU may need another Node. */
export type ProcessStarter = (
  listener: ProcessListener,
  training?: { readonly backend: BackendName; /** Names it where a view lends it a device. */ readonly title?: string },
) => TrainingProcess;

/** What a process is given besides its file. */
export interface ProcessSurroundings {
  /** The Node that runs it; without it the editor's own. */
  readonly node?: string | undefined;
  /** The device that the editor offers it. */
  readonly device?: OfferedDevice | undefined;
}

/** What a process hears that is offered no device. */
const noDevice = () => Promise.reject(new EngineError('device-lost', t('No view lends its device.')));
const nothingOffered: DeviceCalls = {
  findDevices: () => Promise.resolve([]),
  prepareDevice: noDevice,
  loadDevice: noDevice,
  runDevice: noDevice,
  probeDevice: noDevice,
  evaluateDevice: noDevice,
  saveDevice: noDevice,
  closeDevice: noDevice,
  leaveDevices: () => Promise.resolve(),
};

/** The engine, started as a file and never imported: a crash in training cannot take the editor with it. */
export class TrainingProcess {
  readonly trainer: Channel<TrainerCalls & LabCalls, HostMethods>;
  /** Settles when the process is gone, however that came. */
  readonly ended: Promise<ProcessEnd>;
  readonly #child: ChildProcess;
  readonly #listener: ProcessListener;
  readonly #watch: NodeJS.Timeout;
  #lastSign = performance.now();
  #responsive = true;

  constructor(entry: string, listener: ProcessListener, log: ProcessLog, { node, device }: ProcessSurroundings = {}) {
    this.#listener = listener;
    // `advanced` keeps typed arrays what they are. The host's own flags (a debugger's, say) are not for the child.
    this.#child = fork(entry, {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      ...(node !== undefined && { execPath: node }),
    });
    log.info(`Training process ${this.#child.pid ?? '?'} started.`);
    this.#child.stderr?.on('data', (text: Buffer) => log.warn(text.toString().trimEnd()));
    this.trainer = connect<TrainerCalls & LabCalls, HostMethods>(
      {
        post: message => {
          // A send that comes too late fails here; `ended` tells everybody what there is to tell.
          if (this.#child.connected) this.#child.send(message as object, () => undefined);
        },
        onMessage: receive => void this.#child.on('message', receive),
      },
      {
        events: batch => {
          this.#sign();
          listener.events(batch);
        },
        network: sample => {
          this.#sign();
          listener.network?.(sample);
        },
        weights: sample => {
          this.#sign();
          listener.weights?.(sample);
        },
        heartbeat: () => this.#sign(),
        explored: event => {
          this.#sign();
          listener.explored?.(event);
        },
        ...(device ?? nothingOffered),
      },
      {
        schemas: { ...trainerEventSchemas, ...labEventSchemas, ...deviceCallSchemas },
        timeout: noTimeout,
        onDropped: reason => log.warn(`The training process sent ${reason}.`),
      },
    );
    this.#watch = setInterval(() => this.#look(), 1000);
    this.ended = new Promise<ProcessEnd>(resolve => {
      // `error` instead of `exit` when it could not even be started.
      this.#child.once('error', error => {
        log.warn(error.message);
        resolve({ code: null, signal: null });
      });
      this.#child.once('exit', (code, signal) => resolve({ code, signal }));
    }).then(end => {
      clearInterval(this.#watch);
      device?.dispose();
      log.info(`Training process ${this.#child.pid ?? '?'} ended (${endText(end)}).`);
      this.trainer.$close(new EngineError('process-ended', t('The training process has ended ({0}).', endText(end))));
      return end;
    });
  }

  /** Lets go of the process, which then ends by itself; if it does not, it is killed. */
  dispose(): void {
    if (this.#child.connected) this.#child.disconnect();
    const killing = setTimeout(() => this.kill(), politeness);
    void this.ended.then(() => clearTimeout(killing));
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #sign(): void {
    this.#lastSign = performance.now();
    if (this.#responsive) return;
    this.#responsive = true;
    this.#listener.responsive(true);
  }

  #look(): void {
    if (!this.#responsive || performance.now() - this.#lastSign < silenceLimit) return;
    this.#responsive = false;
    this.#listener.responsive(false);
  }
}

/** `signal SIGKILL` or `exit code 1`. */
export const endText = ({ code, signal }: ProcessEnd): string =>
  signal ? t('signal {0}', signal) : code === null ? t('exit code unknown') : t('exit code {0}', code);
