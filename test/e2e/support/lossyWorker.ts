/** The worker of a view, whose devices are lost when a channel of its own says so: contexts of WebGL and devices of WebGPU alike. */
import '../../../engine/worker/main.ts';

const losing: (() => void)[] = [];

// eslint-disable-next-line @typescript-eslint/unbound-method -- called below, on the object at hand
const { getContext } = OffscreenCanvas.prototype;
OffscreenCanvas.prototype.getContext = function (this: OffscreenCanvas, ...args: unknown[]) {
  const context = Reflect.apply(getContext, this, args) as WebGL2RenderingContext | null;
  if (context) losing.push(() => context.getExtension('WEBGL_lose_context')?.loseContext());
  return context;
} as typeof getContext;

if ('GPUAdapter' in globalThis) {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called below, on the object at hand
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (descriptor) {
    const device = await requestDevice.call(this, descriptor);
    losing.push(() => device.destroy());
    return device;
  };
}

const channel = new BroadcastChannel('losses');
channel.addEventListener('message', () => {
  for (const lose of losing.splice(0)) lose();
});
