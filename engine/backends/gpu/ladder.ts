import { openDawn } from './dawn.ts';
import { openHeadlessGl } from './headlessGl.ts';
import { Rungs } from './rungs.ts';

/** Ways to a GPU from Node. */
export const nodeRungs = new Rungs({ WebGPU: openDawn, 'headless-gl': openHeadlessGl });
