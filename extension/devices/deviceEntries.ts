import { t } from '@vscode/l10n';
import type { BackendName } from '../../engine/model/dataFields.ts';
import { bestOf, deviceText, fateText, type DeviceReport, type Devices } from '../../engine/protocol/devices.ts';
import type { StartEvent } from '../../engine/protocol/events.ts';

/** Everything that is known of what can compute. */
export interface KnownDevices {
  /** The CPU, and the ways of the training process to a GPU. */
  readonly process: Devices;
  /** The ways of the browser behind the editor. */
  readonly view: readonly DeviceReport[];
  /** Which Node trains on a GPU, or why none does; undefined where that is no question. */
  readonly node: string | undefined;
  /** The last training. */
  readonly start: Pick<StartEvent, 'name' | 'device' | 'backendReason'> | undefined;
}

/** A line of the list; one with a backend can be chosen, one without a detail heads what follows. */
export interface DeviceEntry {
  readonly label: string;
  readonly icon?: string;
  readonly detail?: string;
  readonly backend?: BackendName;
}

/** What can compute here, what was tried, and what the last training took. */
export function deviceEntries({ process: { cpu, gpu }, view, node, start }: KnownDevices): DeviceEntry[] {
  const tried = [...gpu, ...view];
  const best = bestOf(tried);
  return [
    {
      label: t('Automatic'),
      detail: t('Measures some steps of the very network and takes the fastest; never software.'),
      backend: 'auto',
    },
    { label: t('CPU'), detail: cpu, backend: 'wasm' },
    ...(best
      ? [
          {
            label: best.kind === 'hardware' ? t('GPU') : t('Not a GPU'),
            detail: deviceText(best),
            backend: 'gpu' as const,
          },
        ]
      : []),
    { label: t('Tried') },
    ...gpu.map(entryOf),
    ...view.map(entryOf),
    ...(node === undefined ? [] : [{ label: t('Node.js'), icon: 'info', detail: node }]),
    ...(start
      ? [
          { label: t('Last training') },
          { label: start.name, icon: 'chip', detail: `${start.device}: ${start.backendReason}` },
        ]
      : []),
  ];
}

const entryOf = (report: DeviceReport): DeviceEntry => ({
  label: report.rung,
  icon: report.passed ? 'pass' : 'circle-slash',
  detail: fateText(report),
});

/** What the status item says where the pointer rests on it: what the last training took and why, and what was tried, as far as it is known. */
export const devicesTooltip = (
  { device, backendReason }: Pick<StartEvent, 'device' | 'backendReason'>,
  tried: readonly DeviceReport[],
): string =>
  [
    `${device}: ${backendReason}`,
    ...(tried.length > 0 ? ['', t('Tried'), ...tried.map(deviceText)] : []),
    '',
    t('Click to see what can compute here.'),
  ].join('\n');
