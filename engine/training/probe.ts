import { execFile, type ExecFileException } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { DeviceBackend } from '../backends/backend.ts';
import { chooseBackend } from '../backends/choose.ts';
import { nodeWays } from '../backends/gpu/nodeWays.ts';
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
  return { cpu: cpuText(), gpu: [...(await tryAll())] };
}

/** The same of one way alone, which is tried in this process. */
export async function describeWay(way: string): Promise<Devices> {
  return { cpu: cpuText(), gpu: explained([await (await nodeRungs()).try(way)], process.versions) };
}

function cpuText(): string {
  const { backend, device } = chooseBackend('auto');
  backend.close();
  return device;
}

/** Tries every way to a GPU. Never throws. */
export async function probe(): Promise<Probe> {
  const reports = await tryAll();
  const passed = reports.filter(report => report.passed);
  return {
    reports,
    passed: passed.map(report => ({ ...report, open: async () => (await nodeRungs()).open(report.rung) })),
  };
}

/**
 * Each way is tried in a process of its own, since drivers crash, talk to the terminal, and do not bear each other; without the command line
 * beside it, as in tests, in this one.
 */
async function tryAll(): Promise<readonly DeviceReport[]> {
  const cli = new URL('cli.js', import.meta.url);
  if (!existsSync(cli)) return explained(await (await nodeRungs()).climb(), process.versions);
  return Promise.all(nodeWays.map(way => reportOfChild(fileURLToPath(cli), way)));
}

/** How this way went in a process that the command line is run in. Never throws. */
export async function reportOfChild(cli: string, way: string, most = patience): Promise<DeviceReport> {
  const started = performance.now();
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [cli, 'devices', '--json', '--way', way], {
      ...{ timeout: most, killSignal: 'SIGKILL' as const },
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    });
    const [report] = devicesSchema.parse(JSON.parse(stdout)).gpu;
    if (report) return report;
    throw new Error('It said nothing.');
  } catch (error) {
    const milliseconds = Math.round(performance.now() - started);
    return { rung: way, passed: false, reason: endOf(error as ExecFileException, most), milliseconds };
  }
}

/** What became of the process that tried a way, in words for the user. */
function endOf({ killed, signal, code }: ExecFileException, most: number): string {
  if (killed) return `The graphics driver did not answer within ${String(most / 1000)} seconds.`;
  const how = signal ?? (typeof code === 'number' ? `exit code ${String(code)}` : undefined);
  return `The graphics driver crashed while it was tried${how === undefined ? '' : ` (${how})`}.`;
}

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
