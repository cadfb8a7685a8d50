/** The worker of a view, with a count of what lives on its devices: asked over a channel of its own. */
import '../../../engine/worker/main.ts';

/** What was made and not freed; gpu.js frees some twice. */
const textures = new Set<WebGLTexture>();
const buffers = new Set<GPUBuffer>();

// eslint-disable-next-line @typescript-eslint/unbound-method -- called below, on the object at hand
const { createTexture, deleteTexture } = WebGL2RenderingContext.prototype;
WebGL2RenderingContext.prototype.createTexture = function () {
  const texture = createTexture.call(this);
  textures.add(texture);
  return texture;
};
WebGL2RenderingContext.prototype.deleteTexture = function (texture) {
  if (texture) textures.delete(texture);
  deleteTexture.call(this, texture);
};

if ('GPUDevice' in globalThis) {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called below, on the object at hand
  const { createBuffer } = GPUDevice.prototype;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called below, on the object at hand
  const { destroy } = GPUBuffer.prototype;
  GPUDevice.prototype.createBuffer = function (descriptor) {
    const buffer = createBuffer.call(this, descriptor);
    buffers.add(buffer);
    return buffer;
  };
  GPUBuffer.prototype.destroy = function () {
    buffers.delete(this);
    destroy.call(this);
  };
}

const counts = new BroadcastChannel('counts');
counts.addEventListener('message', ({ data }) => {
  if (data === 'how many?') counts.postMessage({ textures: textures.size, buffers: buffers.size });
});
