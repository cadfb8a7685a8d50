import type { Point, SurfaceName } from '../model/surfaceTable.ts';
import type { Surface } from './surface.ts';

/** weight · e^(−((x−x₀)² + (y−y₀)²)/0.2): a bump of Gradient Descent Viz. */
interface Bump {
  readonly weight: number;
  readonly at: Point;
}

/** Σ bumps(x, Y) + x² + Y² with Y = 1.4y. */
function bowlWithBumps(bumps: readonly Bump[]): Surface {
  const height = ({ weight, at }: Bump, x: number, scaled: number) =>
    weight * Math.exp(-((x - at[0]) ** 2 + (scaled - at[1]) ** 2) / 0.2);
  return {
    value(x, y) {
      const scaled = 1.4 * y;
      return bumps.reduce((sum, bump) => sum + height(bump, x, scaled), x * x + scaled * scaled);
    },
    gradient(x, y) {
      const scaled = 1.4 * y;
      let byX = 2 * x;
      let byScaled = 2 * scaled;
      for (const bump of bumps) {
        const slope = (-2 / 0.2) * height(bump, x, scaled);
        byX += slope * (x - bump.at[0]);
        byScaled += slope * (scaled - bump.at[1]);
      }
      return [byX, 1.4 * byScaled];
    },
  };
}

const localMinimum = bowlWithBumps([
  { weight: -2, at: [1, 0] },
  { weight: -6, at: [-1, 0] },
]);

const globalMinimum: Surface = { value: (x, y) => x * x + y * y, gradient: (x, y) => [2 * x, 2 * y] };

const saddlePoint: Surface = { value: (x, y) => Math.sin(x) + y * y, gradient: (x, y) => [Math.cos(x), 2 * y] };

/** −e^(−(X²+5Y²)) + X² + ½Y² with X = x/2 and Y = y/2. */
const eclipticBowl: Surface = {
  value(x, y) {
    const [a, b] = [x / 2, y / 2];
    return -Math.exp(-(a * a + 5 * b * b)) + a * a + 0.5 * b * b;
  },
  gradient(x, y) {
    const [a, b] = [x / 2, y / 2];
    const dip = Math.exp(-(a * a + 5 * b * b));
    return [a * dip + a, 5 * b * dip + 0.5 * b];
  },
};

const hills = bowlWithBumps([
  { weight: 2, at: [1, 0] },
  { weight: 6, at: [-1, 0] },
  { weight: -2, at: [1, -1] },
]);

/** −sin(r)/r + 0.01r² with r = 10√(x²+y²) + 0.01; flat at the origin, where the root has no derivative. */
const plateau: Surface = {
  value(x, y) {
    const r = 10 * Math.hypot(x, y) + 0.01;
    return -Math.sin(r) / r + 0.01 * r * r;
  },
  gradient(x, y) {
    const distance = Math.hypot(x, y);
    if (distance === 0) return [0, 0];
    const r = 10 * distance + 0.01;
    const slope = (Math.sin(r) / r - Math.cos(r)) / r + 0.02 * r;
    return [(10 * slope * x) / distance, (10 * slope * y) / distance];
  },
};

const rosenbrock: Surface = {
  value: (x, y) => (1 - x) ** 2 + 100 * (y - x * x) ** 2,
  gradient: (x, y) => [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)],
};

const beale: Surface = {
  value: (x, y) => (1.5 - x + x * y) ** 2 + (2.25 - x + x * y * y) ** 2 + (2.625 - x + x * y ** 3) ** 2,
  gradient(x, y) {
    const a = 1.5 - x + x * y;
    const b = 2.25 - x + x * y * y;
    const c = 2.625 - x + x * y ** 3;
    return [
      2 * a * (y - 1) + 2 * b * (y * y - 1) + 2 * c * (y ** 3 - 1),
      2 * a * x + 4 * b * x * y + 6 * c * x * y * y,
    ];
  },
};

const himmelblau: Surface = {
  value: (x, y) => (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2,
  gradient(x, y) {
    const a = x * x + y - 11;
    const b = x + y * y - 7;
    return [4 * x * a + 2 * b, 2 * a + 4 * y * b];
  },
};

const turn = 2 * Math.PI;
const rastrigin: Surface = {
  value: (x, y) => 20 + x * x - 10 * Math.cos(turn * x) + y * y - 10 * Math.cos(turn * y),
  gradient: (x, y) => [2 * x + 10 * turn * Math.sin(turn * x), 2 * y + 10 * turn * Math.sin(turn * y)],
};

const styblinskiTang: Surface = {
  value: (x, y) => (x ** 4 - 16 * x * x + 5 * x + y ** 4 - 16 * y * y + 5 * y) / 2,
  gradient: (x, y) => [2 * x ** 3 - 16 * x + 2.5, 2 * y ** 3 - 16 * y + 2.5],
};

const sixHumpCamel: Surface = {
  value: (x, y) => (4 - 2.1 * x * x + x ** 4 / 3) * x * x + x * y + (4 * y * y - 4) * y * y,
  gradient: (x, y) => [8 * x - 8.4 * x ** 3 + 2 * x ** 5 + y, x - 8 * y + 16 * y ** 3],
};

const quarticSaddle: Surface = {
  value: (x, y) => x * x - y * y + y ** 4 / 4,
  gradient: (x, y) => [2 * x, -2 * y + y ** 3],
};

/** ½(λ₁x² + λ₂y²): gradient descent shrinks x by 1 − αλ₁ a step, so it is stable for α below 2/λ. */
export const quadratic = ([a, b]: Point): Surface => ({
  value: (x, y) => (a * x * x + b * y * y) / 2,
  gradient: (x, y) => [a * x, b * y],
});

/** The curvatures of the quadratic where none are asked for. */
export const defaultLambda: Point = [1, 10];

export const surfaces: Readonly<Record<SurfaceName, Surface>> = {
  localMinimum,
  globalMinimum,
  saddlePoint,
  eclipticBowl,
  hills,
  plateau,
  rosenbrock,
  beale,
  himmelblau,
  rastrigin,
  styblinskiTang,
  sixHumpCamel,
  quarticSaddle,
  quadratic: quadratic(defaultLambda),
};
