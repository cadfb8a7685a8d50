import {
  BufferGeometry,
  Color,
  DirectionalLight,
  DoubleSide,
  Float32BufferAttribute,
  HemisphereLight,
  LineBasicMaterial,
  LineSegments,
  Mesh,
  MeshLambertMaterial,
  PerspectiveCamera,
  Scene,
  WebGLRenderer,
} from 'three';
import type { Point } from '../../engine/model/surfaceTable.ts';
import { eyeOf, fieldOfView, target, type Camera } from './camera.ts';
import type { Relief } from './relief.ts';

/** Colours as CSS writes them. */
export interface SceneColors {
  readonly low: string;
  readonly high: string;
  readonly line: string;
}

/** How high the highest point stands in the picture. */
export const rise = 0.95;

/** The surface itself in WebGL. It is drawn only when it or the camera changes; what moves lies over it. */
export class SurfaceScene {
  readonly #renderer: WebGLRenderer;
  readonly #camera = new PerspectiveCamera();
  readonly #scene = new Scene();
  #parts: (Mesh<BufferGeometry, MeshLambertMaterial> | LineSegments<BufferGeometry, LineBasicMaterial>)[] = [];

  /** Throws when the page has no WebGL. */
  constructor(canvas: HTMLCanvasElement) {
    this.#renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true });
    this.#camera.up.set(0, 0, 1);
    const light = new DirectionalLight('white', 1.7);
    light.position.set(-0.6, -0.4, 0.9);
    this.#scene.add(light, new HemisphereLight('white', 'white', 1.6));
  }

  dispose(): void {
    this.#clear();
    this.#renderer.dispose();
  }

  show(relief: Relief, colors: SceneColors): void {
    this.#clear();
    this.#parts = [surfaceOf(relief, colors), linesOf(relief, colors)];
    this.#scene.add(...this.#parts);
  }

  draw(camera: Camera, width: number, height: number, ratio: number): void {
    this.#renderer.setPixelRatio(ratio);
    this.#renderer.setSize(width, height, false);
    this.#camera.fov = (fieldOfView(width, height) * 180) / Math.PI;
    this.#camera.aspect = width / height;
    this.#camera.near = 0.1;
    this.#camera.far = 40;
    this.#camera.position.set(...eyeOf(camera));
    this.#camera.lookAt(...target);
    this.#camera.updateProjectionMatrix();
    this.#renderer.render(this.#scene, this.#camera);
  }

  #clear(): void {
    for (const part of this.#parts) {
      this.#scene.remove(part);
      part.geometry.dispose();
      part.material.dispose();
    }
    this.#parts = [];
  }
}

function surfaceOf(relief: Relief, colors: SceneColors): Mesh<BufferGeometry, MeshLambertMaterial> {
  const { columns, rows, heights } = relief.grid;
  const [low, high] = [new Color(colors.low), new Color(colors.high)];
  const positions: number[] = [];
  const tints: number[] = [];
  const faces: number[] = [];
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const f = heights[row * columns + column] ?? 0;
      positions.push((2 * column) / (columns - 1) - 1, (2 * row) / (rows - 1) - 1, rise * relief.rise(f));
      const tint = low.clone().lerp(high, 0.25 + 0.75 * relief.shade(f));
      tints.push(tint.r, tint.g, tint.b);
      if (row === 0 || column === 0) continue;
      const [here, left] = [row * columns + column, row * columns + column - 1];
      faces.push(left - columns, here - columns, here, left - columns, here, left);
    }
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new Float32BufferAttribute(positions, 3));
  geometry.setAttribute('color', new Float32BufferAttribute(tints, 3));
  geometry.setIndex(faces);
  geometry.computeVertexNormals();
  const material = new MeshLambertMaterial({ vertexColors: true, side: DoubleSide });
  // Lines that lie on the surface win over it.
  material.polygonOffset = true;
  material.polygonOffsetFactor = 1;
  material.polygonOffsetUnits = 1;
  return new Mesh(geometry, material);
}

function linesOf(relief: Relief, colors: SceneColors): LineSegments<BufferGeometry, LineBasicMaterial> {
  const { x, y } = relief.grid.domain;
  const isOutside = ([a, b]: Point) => a < x[0] || a > x[1] || b < y[0] || b > y[1];
  const positions: number[] = [];
  for (const { height, rings } of relief.levels)
    for (const ring of rings)
      ring.forEach((point, i) => {
        const before = ring[i - 1];
        // A ring that leaves the domain comes back along its border; that way is no line.
        if (!before || isOutside(before) || isOutside(point)) return;
        for (const [a, b] of [before, point])
          positions.push(
            (2 * (a - x[0])) / (x[1] - x[0]) - 1,
            (2 * (b - y[0])) / (y[1] - y[0]) - 1,
            rise * relief.rise(height) + 0.002,
          );
      });
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new Float32BufferAttribute(positions, 3));
  return new LineSegments(geometry, new LineBasicMaterial({ color: colors.line, transparent: true, opacity: 0.22 }));
}
