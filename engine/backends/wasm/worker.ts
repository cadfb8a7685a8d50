/** A thread beside the first: it serves tapes until the backend closes. */
import { workerData } from 'node:worker_threads';
import type { KernelExports } from './kernels.ts';

const { module, memory } = workerData as { module: WebAssembly.Module; memory: WebAssembly.Memory };
const { serve } = new WebAssembly.Instance(module, { env: { memory } }).exports;
// What `assembly/index.ts` exports under this name.
(serve as KernelExports['serve'])();
