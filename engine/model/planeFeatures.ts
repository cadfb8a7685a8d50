interface PlaneFeature {
  /** As a form shows it. */
  readonly formula: string;
  readonly apply: (x1: number, x2: number) => number;
}

/**
 * What a network may be given of a point of a built-in data set, before it is normalized:
 *
 *     x₁      x₂      x₁²      x₂²      x₁x₂      sin x₁      sin x₂
 *
 * Source: TensorFlow Playground, its column of features.
 */
export const planeFeatures = {
  x1: { formula: 'x₁', apply: x1 => x1 },
  x2: { formula: 'x₂', apply: (_x1, x2) => x2 },
  'x1^2': { formula: 'x₁²', apply: x1 => x1 * x1 },
  'x2^2': { formula: 'x₂²', apply: (_x1, x2) => x2 * x2 },
  'x1*x2': { formula: 'x₁x₂', apply: (x1, x2) => x1 * x2 },
  'sin(x1)': { formula: 'sin x₁', apply: x1 => Math.sin(x1) },
  'sin(x2)': { formula: 'sin x₂', apply: (_x1, x2) => Math.sin(x2) },
} as const satisfies Readonly<Record<string, PlaneFeature>>;

export type FeatureName = keyof typeof planeFeatures;
export const featureNames = Object.keys(planeFeatures) as readonly FeatureName[];

/** What a network is given where its model names no features. */
export const coordinates = ['x1', 'x2'] as const satisfies readonly FeatureName[];
