import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { DeviceBackend } from '../backends/backend.ts';
import { chooseBackend } from '../backends/choose.ts';
import { devicesSchema, type DeviceReport, type Devices } from '../protocol/devices.ts';

/** What was found on this machine. */
export interface Probe {
  readonly reports: readonly DeviceReport[];
  /** Those that passed. */
  readonly passed: readonly (DeviceReport & { readonly open: () => Promise<DeviceBackend> })[];
}

/** A driver that has not answered by then never will. */
const patience = 20_000;

/** What can compute here. */
export async function describeDevices(): Promise<Devices> {
  const { backend, device } = chooseBackend('auto');
  backend.close();
  return { cpu: device, gpu: await climbHere() };
}

/**
 * Tries every way to a GPU in a process of its own, since a driver may crash or talk to the terminal; without the command line beside it, as in
 * tests, in this one. Never throws.
 */
export async function probe(): Promise<Probe> {
  const reports = await reportsOfChild();
  const passed = reports.filter(report => report.passed);
  return {
    reports,
    passed: passed.map(report => ({ ...report, open: async () => (await nodeRungs()).open(report.rung) })),
  };
}

async function reportsOfChild(): Promise<readonly DeviceReport[]> {
  const cli = new URL('cli.js', import.meta.url);
  if (!existsSync(cli)) return climbHere();
  const started = performance.now();
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(cli), 'devices', '--json'], {
      timeout: patience,
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    });
    return devicesSchema.parse(JSON.parse(stdout)).gpu;
  } catch {
    const milliseconds = Math.round(performance.now() - started);
    return [{ rung: 'WebGPU', passed: false, reason: 'The graphics driver crashed while it was tried.', milliseconds }];
  }
}

const climbHere = async (): Promise<DeviceReport[]> => explained(await (await nodeRungs()).climb(), process.versions);

/** What was tried, with what would help where a device was found and could not be read back, as it is under Electron. */
export const explained = (reports: readonly DeviceReport[], versions: object): DeviceReport[] =>
  reports.map(report =>
    report.passed || report.device === undefined || !('electron' in versions)
      ? report
      : { ...report, reason: `${report.reason ?? ''} ${electronText}`.trimStart() },
  );

const electronText =
  'VS Code’s own Node cannot read a GPU back: install Node.js 20 or newer, or name one in the setting mlpStudio.nodePath.';

/** gpu.js is large, and most trainings do without. */
const nodeRungs = async () => (await import('../backends/gpu/ladder.ts')).nodeRungs;
