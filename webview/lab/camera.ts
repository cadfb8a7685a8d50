import * as z from 'zod';

/** A point of the 3-D picture: x and y in −1 … 1 over the domain, z the height. */
export type Place = readonly [x: number, y: number, z: number];

/** Where the surface is looked at from: angles in radians, `distance` from its middle. */
export const cameraSchema = z
  .object({ azimuth: z.number(), elevation: z.number().min(0.08).max(1.5), distance: z.number().min(2).max(9) })
  .readonly();
export type Camera = z.infer<typeof cameraSchema>;

export const startCamera: Camera = { azimuth: 0.5, elevation: 0.72, distance: 4.1 };
/** The vertical field of view, in radians: wider in a picture so narrow that the surface would stand out at its sides. */
export const fieldOfView = (width: number, height: number): number =>
  2 * Math.atan(Math.tan(0.31) * Math.max(1, (1.2 * height) / width));
export const target: Place = [0, 0, 0.3];

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

/** The camera turned and moved; it never goes below the surface or over its top. */
export const turned = (camera: Camera, azimuth: number, elevation: number, zoom = 1): Camera => ({
  azimuth: camera.azimuth + azimuth,
  elevation: clamp(camera.elevation + elevation, 0.08, 1.5),
  distance: clamp(camera.distance * zoom, 2, 9),
});

/** Where the eye stands. */
export function eyeOf({ azimuth, elevation, distance }: Camera): Place {
  const flat = distance * Math.cos(elevation);
  return [
    target[0] + flat * Math.sin(azimuth),
    target[1] - flat * Math.cos(azimuth),
    target[2] + distance * Math.sin(elevation),
  ];
}

/** Maps places to pixels of a picture, as three.js's perspective camera does from the same place. */
export function projection(camera: Camera, width: number, height: number): (place: Place) => readonly [number, number] {
  const eye = eyeOf(camera);
  const { azimuth, elevation } = camera;
  const right: Place = [Math.cos(azimuth), Math.sin(azimuth), 0];
  const forward: Place = [
    -Math.cos(elevation) * Math.sin(azimuth),
    Math.cos(elevation) * Math.cos(azimuth),
    -Math.sin(elevation),
  ];
  const up: Place = [
    -Math.sin(elevation) * Math.sin(azimuth),
    Math.sin(elevation) * Math.cos(azimuth),
    Math.cos(elevation),
  ];
  const focal = height / 2 / Math.tan(fieldOfView(width, height) / 2);
  const along = (a: Place, b: Place) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  return place => {
    const from: Place = [place[0] - eye[0], place[1] - eye[1], place[2] - eye[2]];
    const depth = Math.max(0.05, along(from, forward));
    return [width / 2 + (focal * along(from, right)) / depth, height / 2 - (focal * along(from, up)) / depth];
  };
}
