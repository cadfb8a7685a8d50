import { Device } from '../backends/gpu/device.ts';
import { kindOf } from '../backends/gpu/deviceKind.ts';

/** What every implementation of WebGL 2 takes; above it gpu.js gives wrong numbers. */
const sideOfAll = 16_384;

/** WebGL 2 as the browser has it, on a canvas that nobody sees. Throws what the user may read where there is none. */
export function openWebGl2(): Promise<Device> {
  const canvas = new OffscreenCanvas(2, 2);
  const context = canvas.getContext('webgl2', { alpha: false, depth: false, antialias: false });
  if (!context) return Promise.reject(new Error('This browser has no WebGL 2.'));
  if (!context.getExtension('EXT_color_buffer_float'))
    return Promise.reject(new Error('WebGL 2 cannot write float32 here.'));
  const name = nameOf(context);
  const largestSide = Math.min(sideOfAll, Number(context.getParameter(context.MAX_TEXTURE_SIZE)));
  const description = {
    name: name || 'without a name',
    kind: kindOf(name),
    largestSide,
    largestBytes: 4 * largestSide ** 2,
  };
  // A lost context draws nothing, and reads as zeros.
  const isLost = () => context.isContextLost();
  return Promise.resolve(new Device('webgl2', description, { drawing: { canvas, context }, isLost }));
}

/** The renderer behind the browser, which names itself only to those who ask for it. */
function nameOf(context: WebGL2RenderingContext): string {
  const info = context.getExtension('WEBGL_debug_renderer_info');
  const name: unknown = context.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : context.RENDERER);
  return typeof name === 'string' ? name : '';
}
