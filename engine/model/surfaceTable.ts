/** A point of the plane. */
export type Point = readonly [x: number, y: number];

/** The part of the plane a picture shows. */
export interface Domain {
  readonly x: readonly [low: number, high: number];
  readonly y: readonly [low: number, high: number];
}

/** One test surface of the optimizer lab: what is known of it without computing. */
export interface SurfaceRow {
  readonly title: string;
  /** f(x, y) as a reader writes it. */
  readonly formula: string;
  readonly domain: Domain;
  readonly start: Point;
  /** Where f is lowest, as far as the domain shows; to six digits. */
  readonly minima: readonly Point[];
}

const square = (size: number): Domain => ({ x: [-size, size], y: [-size, size] });
const gradientDescentViz = { domain: square(2), start: [1.5, 1.5] } as const;

/**
 * Every test surface. The first six are Gradient Descent Viz's, with its start; the others are the
 * usual test functions of optimization (Jamil & Yang 2013), the article's saddle, and a bowl whose
 * curvatures can be chosen.
 */
export const surfaceTable = {
  localMinimum: {
    ...gradientDescentViz,
    title: 'Local minimum',
    formula: '−2e^(−((x−1)²+Y²)/0.2) − 6e^(−((x+1)²+Y²)/0.2) + x² + Y²,  Y = 1.4y',
    minima: [[-0.967577, 0]],
  },
  globalMinimum: { ...gradientDescentViz, title: 'Global minimum', formula: 'x² + y²', minima: [[0, 0]] },
  saddlePoint: { ...gradientDescentViz, title: 'Saddle point', formula: 'sin x + y²', minima: [[-Math.PI / 2, 0]] },
  eclipticBowl: {
    ...gradientDescentViz,
    title: 'Ecliptic bowl',
    formula: '−e^(−(X²+5Y²)) + X² + 0.5Y²,  X = x/2, Y = y/2',
    minima: [[0, 0]],
  },
  hills: {
    ...gradientDescentViz,
    title: 'Hills',
    formula: '2e^(−((x−1)²+Y²)/0.2) + 6e^(−((x+1)²+Y²)/0.2) − 2e^(−((x−1)²+(Y+1)²)/0.2) + x² + Y²,  Y = 1.4y',
    minima: [[0.900307, -0.653401]],
  },
  plateau: {
    ...gradientDescentViz,
    title: 'Plateau',
    formula: '−sin(r)/r + 0.01r²,  r = 10√(x²+y²) + 0.01',
    minima: [[0, 0]],
  },
  rosenbrock: {
    title: 'Rosenbrock',
    formula: '(1 − x)² + 100(y − x²)²',
    domain: { x: [-2, 2], y: [-1, 3] },
    start: [-1.5, 2.5],
    minima: [[1, 1]],
  },
  beale: {
    title: 'Beale',
    formula: '(1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)²',
    domain: square(4.5),
    start: [3.5, 1],
    minima: [[3, 0.5]],
  },
  himmelblau: {
    title: 'Himmelblau',
    formula: '(x² + y − 11)² + (x + y² − 7)²',
    domain: square(6),
    start: [0.1, -3.4],
    minima: [
      [3, 2],
      [-2.805118, 3.131313],
      [-3.77931, -3.283186],
      [3.584428, -1.848127],
    ],
  },
  rastrigin: {
    title: 'Rastrigin',
    formula: '20 + x² − 10 cos 2πx + y² − 10 cos 2πy',
    domain: square(5.12),
    start: [3.4, 2.6],
    minima: [[0, 0]],
  },
  styblinskiTang: {
    title: 'Styblinski–Tang',
    formula: '½(x⁴ − 16x² + 5x + y⁴ − 16y² + 5y)',
    domain: square(5),
    start: [0.5, 4.5],
    minima: [[-2.903534, -2.903534]],
  },
  sixHumpCamel: {
    title: 'Six-hump camel',
    formula: '(4 − 2.1x² + x⁴/3)x² + xy + (−4 + 4y²)y²',
    domain: { x: [-2, 2], y: [-1, 1] },
    start: [1.8, 0.9],
    minima: [
      [0.089842, -0.712656],
      [-0.089842, 0.712656],
    ],
  },
  quarticSaddle: {
    title: 'Quartic saddle',
    formula: 'x² − y² + y⁴/4',
    domain: square(2),
    start: [1.5, 1e-6],
    minima: [
      [0, Math.SQRT2],
      [0, -Math.SQRT2],
    ],
  },
  quadratic: { title: 'Quadratic', formula: '½(λ₁x² + λ₂y²)', domain: square(2), start: [1.8, 1.5], minima: [[0, 0]] },
} as const satisfies Record<string, SurfaceRow>;

export type SurfaceName = keyof typeof surfaceTable;
export const surfaceNames = Object.keys(surfaceTable) as readonly SurfaceName[];
