/** Whether a device computes on a GPU of its own, on the processor, or does not say. */
export type DeviceKind = 'hardware' | 'software' | 'unknown';

/** Devices that compute on the processor, whatever they are called. */
const softwareDevices = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b|software|\bcpu\b/i;

/** What a device is, by its own words for itself. */
export const kindOf = (name: string): DeviceKind =>
  softwareDevices.test(name) ? 'software' : name === '' ? 'unknown' : 'hardware';
