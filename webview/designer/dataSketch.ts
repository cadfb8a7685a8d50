import { generatorInfo, type GeneratorName } from '../../engine/model/dataFields.ts';
import { generatorDraws, type Randomness } from '../../engine/model/generatorDraws.ts';
import { previewPaths } from './dataPreview.tsx';

/** Side of a sketch in its own pixels. */
export const sketchSize = 40;
const points = 180;

/** 1/g and 1/g² for the root g of g³ = g + 1: their multiples cover a square evenly. Source: M. Roberts 2018, R₂. */
const shares = [0.7548776662466927, 0.5698402909980532] as const;

/** Numbers of [0, 1) that come in pairs, the pairs spread evenly over a square. */
function evenNumbers(): () => number {
  let calls = 0;
  return () => {
    const share = shares[calls % 2 === 0 ? 0 : 1];
    return (0.5 + share * (1 + Math.floor(calls++ / 2))) % 1;
  };
}

/** The same numbers every time, because a picture needs no seed. N(0, 1) by the formula of Box & Muller 1958. */
function evenChance(): Randomness {
  const [even, ofNormals] = [evenNumbers(), evenNumbers()];
  let spare: number | undefined;
  return {
    uniform: (low = 0, high = 1) => low + (high - low) * even(),
    normal: () => {
      if (spare !== undefined) {
        const kept = spare;
        spare = undefined;
        return kept;
      }
      const radius = Math.sqrt(-2 * Math.log(1 - ofNormals()));
      const angle = 2 * Math.PI * ofNormals();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
  };
}

/** What a built-in data set looks like, without noise: one path a colour. */
export function sketchOf(name: GeneratorName): ReturnType<typeof previewPaths> {
  const { classes } = generatorInfo[name];
  const chance = evenChance();
  const preview = Array.from({ length: points }, (_, i) => {
    const {
      features: [x = 0, y],
      target,
    } = generatorDraws[name](chance, i, points, 0);
    return { x, y: y ?? target, value: target };
  });
  return previewPaths({ preview, classes: Array.from({ length: classes }, (_, i) => String(i)) }, sketchSize);
}
