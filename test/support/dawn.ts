import { openDawn } from '../../engine/backends/gpu/dawn.ts';
import type { Device } from '../../engine/backends/gpu/device.ts';

/** WebGPU on whatever this machine has, be it in software; where there is nothing, `missing` says why, for the title of what is skipped. */
export async function openedDawn(): Promise<{ readonly device?: Device; readonly missing: string }> {
  try {
    return { device: await openDawn(), missing: '' };
  } catch (error) {
    return { missing: ` (skipped: ${(error as Error).message})` };
  }
}
