import { t } from '@vscode/l10n';
import { EngineError } from '../../engine/model/errors.ts';
import type { DeviceCalls } from '../../engine/protocol/deviceCalls.ts';
import { deviceText, type DeviceReport } from '../../engine/protocol/devices.ts';

/** A device in a worker of a view. */
export interface LentDevice {
  readonly calls: DeviceCalls;
  /** Tells the view what it computes with. */
  readonly name: (device: string) => void;
  readonly giveBack: () => void;
}

/** Where devices are lent. */
export interface DeviceRoom {
  /** What was found when a device was last looked for; this does not change while the editor runs. */
  reports: readonly DeviceReport[] | undefined;
  /** Opens the view where it is not open. Rejects with EngineError `device-lost`. */
  lend(title: string): Promise<LentDevice>;
}

/** Milliseconds that a browser may take to try its ways. */
const patience = 20_000;

/** What the browser behind the editor can compute with. It is looked for once while the editor runs, in a view that goes as soon as that is known. Never rejects. */
export async function lookAround(room: DeviceRoom): Promise<readonly DeviceReport[]> {
  if (room.reports) return room.reports;
  const looking = new OfferedDevice(room, t('Show Devices'));
  const failed = (reason: string) => [{ rung: t('A view'), passed: false, reason, milliseconds: patience }];
  const tooLate = new Promise<readonly DeviceReport[]>(resolve => {
    setTimeout(() => resolve(failed(t('No answer within {0} seconds.', patience / 1000))), patience).unref();
  });
  const found = looking.findDevices(true).catch((error: unknown) => failed((error as Error).message));
  try {
    return await Promise.race([found, tooLate]);
  } finally {
    looking.dispose();
  }
}

const suits = (software: boolean) => (report: DeviceReport) =>
  report.passed && (software || report.kind === 'hardware');

/**
 * The device that the editor offers to one training process. A view is opened for it when the process asks and something may suit; the view stays
 * while the process uses it. A view that was closed is not opened again behind the user's back: until the next training the CPU does.
 */
export class OfferedDevice implements DeviceCalls {
  readonly #room: DeviceRoom;
  readonly #title: string;
  #lent: LentDevice | undefined;
  #isOver = false;

  /** `title` names the training. */
  constructor(room: DeviceRoom, title: string) {
    this.#room = room;
    this.#title = title;
  }

  findDevices = async (software: boolean): Promise<readonly DeviceReport[]> => {
    const known = this.#room.reports;
    if (known && !known.some(suits(software))) return known;
    this.#giveBack();
    const lent = await this.#room.lend(this.#title);
    this.#lent = lent;
    if (this.#isOver) this.#giveBack();
    const reports = await lent.calls.findDevices(software);
    this.#room.reports = reports;
    if (!reports.some(suits(software))) this.#giveBack();
    return reports;
  };

  prepareDevice: DeviceCalls['prepareDevice'] = async problem => {
    const report = this.#room.reports?.find(({ rung }) => rung === problem.rung);
    const ready = await this.#calls().prepareDevice(problem);
    this.#lent?.name(report ? deviceText(report) : problem.rung);
    return ready;
  };

  loadDevice: DeviceCalls['loadDevice'] = async state => this.#calls().loadDevice(state);
  runDevice: DeviceCalls['runDevice'] = async steps => this.#calls().runDevice(steps);
  probeDevice: DeviceCalls['probeDevice'] = async (step, wishes) => this.#calls().probeDevice(step, wishes);
  evaluateDevice: DeviceCalls['evaluateDevice'] = async rows => this.#calls().evaluateDevice(rows);
  saveDevice: DeviceCalls['saveDevice'] = async lastStep => this.#calls().saveDevice(lastStep);
  closeDevice: DeviceCalls['closeDevice'] = async () => this.#calls().closeDevice();

  leaveDevices = (): Promise<void> => {
    this.#giveBack();
    return Promise.resolve();
  };

  /** The process has ended. */
  dispose(): void {
    this.#isOver = true;
    this.#giveBack();
  }

  #calls(): DeviceCalls {
    if (!this.#lent) throw new EngineError('device-lost', t('No view lends its device.'));
    return this.#lent.calls;
  }

  #giveBack(): void {
    this.#lent?.giveBack();
    this.#lent = undefined;
  }
}
