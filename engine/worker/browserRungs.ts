import { Rungs } from '../backends/gpu/rungs.ts';
import { openWebGl2 } from './webGl2.ts';
import { openWebGpu } from './webGpu.ts';

/** Ways to a GPU from a browser. */
export const browserRungs = new Rungs({ 'WebGPU of a view': openWebGpu, 'WebGL 2 of a view': openWebGl2 });
