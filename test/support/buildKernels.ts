import { buildKernels } from '../../scripts/lib/kernels.mjs';

/** Tests run the engine from its sources, which look for compiled kernels beside them. */
export const setup = buildKernels;
