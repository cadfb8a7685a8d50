import type { OptimizerForm } from '../../engine/model/fields.ts';
import type { OptimizerType } from '../../engine/model/optimizerFields.ts';
import type { OptimizerSettings } from '../../engine/model/schema.ts';
import type { SurfaceName } from '../../engine/model/surfaceTable.ts';
import type { SurfaceChoice } from '../../engine/protocol/lab.ts';
import { settingsOf, type Racer } from './racer.ts';

/** Learning rates that suit a surface: of plain gradients its slopes decide, of rescaled ones its width. */
interface Rates {
  readonly descent: number;
  readonly adaptive: number;
}

const gentle: Rates = { descent: 0.01, adaptive: 0.01 };
const rates: Readonly<Record<SurfaceName, Rates>> = {
  localMinimum: gentle,
  globalMinimum: gentle,
  saddlePoint: gentle,
  eclipticBowl: gentle,
  hills: gentle,
  plateau: gentle,
  rosenbrock: { descent: 0.001, adaptive: 0.03 },
  beale: { descent: 0.005, adaptive: 0.03 },
  himmelblau: { descent: 0.004, adaptive: 0.04 },
  rastrigin: { descent: 0.002, adaptive: 0.02 },
  styblinskiTang: { descent: 0.01, adaptive: 0.03 },
  sixHumpCamel: { descent: 0.05, adaptive: 0.05 },
  quarticSaddle: { descent: 0.03, adaptive: 0.03 },
  quadratic: { descent: 0.03, adaptive: 0.03 },
};
/** Of a formula nothing is known. */
const unknown: Rates = { descent: 0.02, adaptive: 0.03 };

const ratesOn = (surface: SurfaceChoice): Rates => {
  switch (surface.kind) {
    case 'named':
      return rates[surface.name];
    case 'quadratic':
      return rates.quadratic;
    case 'formula':
      return unknown;
  }
};

const ofType: Readonly<Record<OptimizerType, (rates: Rates) => number>> = {
  sgd: ({ descent }) => descent,
  momentum: ({ descent }) => descent,
  adagrad: ({ adaptive }) => 10 * adaptive,
  rmsprop: ({ adaptive }) => adaptive,
  adam: ({ adaptive }) => 5 * adaptive,
  adamw: ({ adaptive }) => 5 * adaptive,
  nadam: ({ adaptive }) => 5 * adaptive,
  lion: ({ adaptive }) => adaptive,
};

function settingsAt(rates: Rates, type: OptimizerType, form?: OptimizerForm): OptimizerSettings {
  const learningRate = Number(ofType[type](rates).toPrecision(3));
  const settings = { ...settingsOf(type, {}, form), learningRate };
  return settings.type === 'rmsprop' ? { ...settings, decayRate: 0.99 } : settings;
}

/** An optimizer with a learning rate that suits a surface. */
export const settingsOn = (surface: SurfaceChoice, type: OptimizerType, form?: OptimizerForm): OptimizerSettings =>
  settingsAt(ratesOn(surface), type, form);

/** The five that the article compares, at such rates. */
export const fieldOf = (rates: Rates): readonly Racer[] =>
  (['sgd', 'momentum', 'adagrad', 'rmsprop', 'adam'] as const).map(type => ({ optimizer: settingsAt(rates, type) }));
export const fieldOn = (surface: SurfaceChoice): readonly Racer[] => fieldOf(ratesOn(surface));
