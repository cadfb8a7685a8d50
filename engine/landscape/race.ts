import { EngineError } from '../model/errors.ts';
import type { Point } from '../model/surfaceTable.ts';
import type { GridRequest, RaceRequest, RaceTrack, SurfaceChoice, SurfaceGrid } from '../protocol/lab.ts';
import { surfaceOfFormula, type Surface } from './surface.ts';
import { quadratic, surfaces } from './surfaces.ts';
import { walkTrack } from './walk.ts';

/** The surface that is meant. Throws `wrong-usage` for a formula that cannot be read. */
export function chosenSurface(choice: SurfaceChoice): Surface {
  switch (choice.kind) {
    case 'named':
      return surfaces[choice.name];
    case 'quadratic':
      return quadratic(choice.lambda);
    case 'formula':
      return surfaceOfFormula(choice.text);
  }
}

/**
 * Lets several optimizers run over one surface. Each draws its noise from a seed of its own.
 * Throws `wrong-usage` for a formula that cannot be read, or that has no value at a start.
 */
export function race({ surface: choice, racers, start, steps, stopGradient, seed }: RaceRequest): RaceTrack[] {
  const surface = chosenSurface(choice);
  return racers.map(({ optimizer, noise, start: own = start }, i) => {
    assertDefined(surface, own);
    return walkTrack({ surface, optimizer, start: own, noise, seed: seed + i }, steps, stopGradient);
  });
}

/** Throws `wrong-usage` when f or its gradient is not finite at a point. */
export function assertDefined(surface: Surface, [x, y]: Point): void {
  const numbers = [surface.value(x, y), ...surface.gradient(x, y)];
  if (numbers.every(Number.isFinite)) return;
  throw new EngineError(
    'wrong-usage',
    `The surface has no finite value and gradient at (${x}, ${y}). Start from another point, or change the formula.`,
  );
}

/** Heights of a surface over a domain. Throws `wrong-usage` when it has none anywhere there. */
export function surfaceGrid({ surface: choice, domain, columns, rows }: GridRequest): SurfaceGrid {
  const surface = chosenSurface(choice);
  const heights = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const y = between(domain.y, row / (rows - 1));
    for (let column = 0; column < columns; column++)
      heights[row * columns + column] = surface.value(between(domain.x, column / (columns - 1)), y);
  }
  if (!fillHoles(heights))
    throw new EngineError(
      'wrong-usage',
      'The surface has no finite value in this part of the plane. Change the formula.',
    );
  return { domain, columns, rows, heights };
}

export const between = ([low, high]: readonly [number, number], share: number): number => low + (high - low) * share;

/** Puts the highest finite height where there is none, so that every number is finite. False when there is no finite one. */
export function fillHoles(heights: Float64Array): boolean {
  const highest = heights.reduce(
    (most, height) => (Number.isFinite(height) && height > most ? height : most),
    -Infinity,
  );
  if (highest === -Infinity) return false;
  heights.forEach((height, i) => {
    if (!Number.isFinite(height)) heights[i] = highest;
  });
  return true;
}
