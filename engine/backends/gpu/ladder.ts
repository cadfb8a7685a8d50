import { openDawn } from './dawn.ts';
import { openHeadlessGl } from './headlessGl.ts';
import type { NodeWay } from './nodeWays.ts';
import { Rungs } from './rungs.ts';

/** How the ways from Node are opened. */
export const nodeRungs = new Rungs({ WebGPU: openDawn, 'headless-gl': openHeadlessGl } satisfies Record<
  NodeWay,
  typeof openDawn
>);
