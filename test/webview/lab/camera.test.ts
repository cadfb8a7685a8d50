import { PerspectiveCamera, Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import {
  eyeOf,
  fieldOfView,
  projection,
  startCamera,
  target,
  turned,
  type Place,
} from '../../../webview/lab/camera.ts';

describe('the camera', () => {
  it.each([
    [startCamera, 600, 400],
    [turned(startCamera, 2.1, -0.3, 1.4), 300, 500],
    [turned(startCamera, -4, 3), 800, 200],
  ])('puts what lies over the surface where three.js puts the surface itself', (camera, width, height) => {
    const theirs = new PerspectiveCamera((fieldOfView(width, height) * 180) / Math.PI, width / height, 0.1, 40);
    theirs.up.set(0, 0, 1);
    theirs.position.set(...eyeOf(camera));
    theirs.lookAt(...target);
    theirs.updateMatrixWorld();
    theirs.updateProjectionMatrix();
    const project = projection(camera, width, height);
    const places: Place[] = [
      [0, 0, 0],
      [1, -1, 0.5],
      [-0.3, 0.9, 0.95],
    ];
    for (const place of places) {
      const { x, y } = new Vector3(...place).project(theirs);
      const [a, b] = project(place);
      expect(a).toBeCloseTo((width * (1 + x)) / 2, 6);
      expect(b).toBeCloseTo((height * (1 - y)) / 2, 6);
    }
  });

  it('never goes below the ground, over the top, or out of reach', () => {
    const far = turned(startCamera, 0, -9, 100);
    expect(eyeOf(far)[2]).toBeGreaterThan(target[2]);
    expect(far.distance).toBeLessThanOrEqual(9);
    expect(turned(startCamera, 0, 9).elevation).toBeLessThan(Math.PI / 2);
  });
});
