import type { DeviceBackend } from '../backends/backend.ts';
import { EngineError } from '../model/errors.ts';
import { parseModel } from '../model/parse.ts';
import type {
  DeviceCalls,
  SentProbed,
  SentProblem,
  SentResults,
  SentSaved,
  SentState,
  SentStep,
  SentWishes,
} from '../protocol/deviceCalls.ts';
import type { DeviceReport } from '../protocol/devices.ts';
import { packProbed, packResults, packSaved, unpackState } from '../training/deviceParcels.ts';
import { DeviceSession } from '../training/deviceSession.ts';

/** Ways to a device. */
interface Ways {
  climb(): Promise<readonly DeviceReport[]>;
  open(rung: string): Promise<DeviceBackend>;
}

/** Answers a trainer that lives elsewhere, one training at a time. */
export class DeviceService implements DeviceCalls {
  readonly #ways: Ways;
  #session: DeviceSession | undefined;

  constructor(ways: Ways) {
    this.#ways = ways;
  }

  findDevices = (): Promise<readonly DeviceReport[]> => this.#ways.climb();

  prepareDevice = async ({ rung, text, features, targets, ...sizes }: SentProblem): Promise<{ window: number }> => {
    this.#session?.close();
    const { model, issues } = parseModel(text);
    if (!model) throw new EngineError('invalid-model', issues[0]?.message ?? 'The model cannot be read.');
    this.#session = new DeviceSession(await this.#ways.open(rung), model, { features, targets }, sizes);
    return { window: this.#session.window };
  };

  loadDevice = (state: SentState): Promise<void> => this.#prepared(session => session.load(unpackState(state)));

  runDevice = (steps: readonly SentStep[]): Promise<SentResults> =>
    this.#prepared(async session => packResults(await session.run(steps)));

  probeDevice = (step: SentStep, wishes: SentWishes): Promise<SentProbed> =>
    this.#prepared(async session => packProbed(await session.probe(step, wishes)));

  evaluateDevice = (rows: Int32Array): Promise<SentResults> =>
    this.#prepared(async session => packResults([await session.evaluate(rows)]));

  saveDevice = (lastStep: boolean): Promise<SentSaved> =>
    this.#prepared(async session => packSaved(await session.save({ lastStep })));

  closeDevice = (): Promise<void> => {
    this.#session?.close();
    this.#session = undefined;
    return Promise.resolve();
  };

  leaveDevices = (): Promise<void> => this.closeDevice();

  #prepared<T>(work: (session: DeviceSession) => Promise<T>): Promise<T> {
    if (!this.#session) return Promise.reject(new EngineError('device-lost', 'No device was made ready.'));
    return work(this.#session);
  }
}
