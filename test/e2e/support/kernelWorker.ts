/** Runs in a worker of a browser: opens a device, and computes on it whatever case it is told to. */
import { GpuBackend } from '../../../engine/backends/gpu/gpuBackend.ts';
import { openWebGl2 } from '../../../engine/worker/webGl2.ts';
import { openWebGpu } from '../../../engine/worker/webGpu.ts';
import { differenceOn, longSums, shapes, summaryCases } from '../../contract/deviceCases.ts';
import { kernelCases, products } from '../../contract/kernelCases.ts';

const opening = { webgl2: openWebGl2, webgpu: openWebGpu };

/** What the page asks: the case by its title, over the usual sizes or over long sums. */
interface Question {
  readonly mode: keyof typeof opening;
  readonly title: string;
  readonly long: boolean;
}

let opened: Promise<{ readonly backend: GpuBackend; readonly device: string }> | undefined;

async function open(mode: Question['mode']) {
  const device = await opening[mode]();
  return { backend: new GpuBackend(device), device: `${device.description.kind}: ${device.description.name}` };
}

async function answer({ mode, title, long }: Question): Promise<{ device: string; differences: number[] }> {
  const { backend, device } = await (opened ??= open(mode));
  const kernelCase = [...(long ? products : kernelCases), ...summaryCases].find(known => known.title === title);
  const differences: number[] = [];
  if (kernelCase)
    for (const size of long ? longSums : shapes) differences.push(await differenceOn(backend, kernelCase, size));
  return { device, differences };
}

addEventListener('message', ({ data }: MessageEvent<Question>) => {
  answer(data).then(
    result => postMessage({ result }),
    (error: unknown) => postMessage({ error: String(error) }),
  );
});
