import type { OptimizerSettings } from '../../engine/model/schema.ts';

/** What a step begins with, in one coordinate. */
export interface Before {
  readonly step: number;
  readonly weight: number;
  readonly gradient: number;
  /** The moving average of gradients, or the velocity. */
  readonly moment: number;
  /** The accumulated or averaged squares. */
  readonly squares: number;
  /** Nadam's product of all its momentum factors so far. */
  readonly product: number;
}

/** What a step computes on its way, in one coordinate; what an optimizer does not have is undefined. */
export interface Derived {
  readonly squares?: number;
  readonly moment?: number;
  /** The part of the new moment that is kept from the old one. */
  readonly oldMoment?: number;
  /** The part that this gradient adds. */
  readonly momentShare?: number;
  readonly correctedMoment?: number;
  /** What the step is divided by. */
  readonly divisor?: number;
  /** Δw */
  readonly move: number;
}

type AdamFamily = Extract<OptimizerSettings, { type: 'adam' | 'adamw' | 'nadam' }>;

/** Bias correction as factors: m̂ = momentFactor · m + gradientFactor · g, and v̂ = v / squaresDivisor. */
export function correctionsOf(settings: AdamFamily, step: number, productBefore = productUpTo(settings, step - 1)) {
  const { beta1, beta2, type, form } = settings;
  const squaresDivisor = 1 - beta2 ** step;
  if (type !== 'nadam') return { momentFactor: 1 / (1 - beta1 ** step), gradientFactor: 0, squaresDivisor };
  if (form === 'article')
    return {
      momentFactor: beta1 / (1 - beta1 ** (step + 1)),
      gradientFactor: (1 - beta1) / (1 - beta1 ** step),
      squaresDivisor,
    };
  const [now, next] = [nadamMomentum(settings, step), nadamMomentum(settings, step + 1)];
  const product = productBefore * now;
  return { momentFactor: next / (1 - product * next), gradientFactor: (1 - now) / (1 - product), squaresDivisor };
}

/** μₜ = β₁(1 − ½·0.96^(ψt)) with ψ = 0.004 in PyTorch and 1 in Keras. */
const nadamMomentum = ({ beta1, form }: AdamFamily, t: number) =>
  beta1 * (1 - 0.5 * 0.96 ** ((form === 'pytorch' ? 0.004 : 1) * t));

function productUpTo(settings: AdamFamily, step: number): number {
  let product = 1;
  for (let t = 1; t <= step; t++) product *= nadamMomentum(settings, t);
  return product;
}

/**
 * One update of one weight, with everything on its way: the rules of engine/optimizers written as
 * the article shows them, part by part. A test holds each of them to the rule itself.
 */
export function derive(settings: OptimizerSettings, before: Before): Derived {
  const { learningRate: α, form } = settings;
  const { gradient: g, moment: oldM, squares: oldV, weight, step } = before;
  /** √(v + ε), or √v + ε. */
  const divisorOf = (v: number, epsilon: number, outside: boolean) =>
    outside ? Math.sqrt(v) + epsilon : Math.sqrt(v + epsilon);
  switch (settings.type) {
    case 'sgd':
      return { move: -α * g };
    case 'momentum': {
      const { momentum: μ, nesterov } = settings;
      const share = form === 'pytorch' ? g : -α * g;
      const moment = μ * oldM + share;
      const direction = nesterov ? μ * moment + share : moment;
      return { moment, oldMoment: μ * oldM, momentShare: share, move: form === 'pytorch' ? -α * direction : direction };
    }
    case 'adagrad': {
      const squares = oldV + g * g;
      const divisor = divisorOf(squares, settings.epsilon, form === 'pytorch');
      return { squares, divisor, move: (-α * g) / divisor };
    }
    case 'rmsprop': {
      const squares = settings.decayRate * oldV + (1 - settings.decayRate) * g * g;
      const divisor = divisorOf(squares, settings.epsilon, form === 'pytorch');
      return { squares, divisor, move: (-α * g) / divisor };
    }
    case 'lion': {
      const { beta1, beta2, weightDecay } = settings;
      const direction = Math.sign(beta1 * oldM + (1 - beta1) * g);
      return {
        moment: beta2 * oldM + (1 - beta2) * g,
        oldMoment: beta2 * oldM,
        momentShare: (1 - beta2) * g,
        move: -α * (direction + weightDecay * weight),
      };
    }
    case 'adam':
    case 'adamw':
    case 'nadam': {
      const { beta1, beta2, epsilon } = settings;
      const moment = beta1 * oldM + (1 - beta1) * g;
      const squares = beta2 * oldV + (1 - beta2) * g * g;
      const { momentFactor, gradientFactor, squaresDivisor } = correctionsOf(settings, step, before.product || 1);
      const correctedMoment = momentFactor * moment + gradientFactor * g;
      const outside = form === 'pytorch' || (settings.type === 'nadam' && form === 'keras');
      const divisor =
        form === 'keras' && !outside
          ? (Math.sqrt(squares) + epsilon) / Math.sqrt(squaresDivisor)
          : divisorOf(squares / squaresDivisor, epsilon, outside);
      const decay = settings.type === 'adamw' ? α * settings.weightDecay * weight : 0;
      return {
        squares,
        moment,
        oldMoment: beta1 * oldM,
        momentShare: (1 - beta1) * g,
        correctedMoment,
        divisor,
        move: (-α * correctedMoment) / divisor - decay,
      };
    }
  }
}
