/** Devices that compute on the processor, whatever they are called. */
const softwareDevices = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b|software/i;

/** Whether a device names itself as one that only imitates a GPU. */
export const isSoftware = (name: string): boolean => softwareDevices.test(name);
