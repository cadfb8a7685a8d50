import type { Numbers } from '../backends/backend.ts';
import type { Parameter } from '../network/parameter.ts';
import type { LayerGradient } from '../protocol/events.ts';

/**
 * Summarizes the gradients of one step, layer by layer: ‖∂L/∂W‖₂, ‖∂L/∂b‖₂, ‖W‖₂ and ‖ΔW‖₂/‖W‖₂.
 * Costs a copy of the weights, so it is asked for only when somebody looks.
 */
export class GradientProbe {
  readonly #parameters: readonly Parameter[];
  #before: ReadonlyMap<Parameter, Numbers> = new Map();

  constructor(parameters: readonly Parameter[]) {
    this.#parameters = parameters;
  }

  /** Called before the update. */
  beforeUpdate(): void {
    this.#before = new Map(this.#parameters.filter(({ kind }) => kind === 'weight').map(parameter => [parameter, parameter.value.values.slice()]));
  }

  /** Called after the update. */
  layers(): LayerGradient[] {
    return [...this.#before].map(([weight, before]) => {
      const bias = this.#parameters.find(({ layerId, kind }) => layerId === weight.layerId && kind === 'bias');
      const weightNorm = norm(before);
      const change = weight.value.values.map((value, i) => value - (before[i] ?? 0));
      return {
        layerId: weight.layerId,
        weightGradientNorm: norm(weight.gradient.values),
        biasGradientNorm: bias ? norm(bias.gradient.values) : 0,
        weightNorm,
        updateRatio: weightNorm > 0 ? norm(change) / weightNorm : 0,
      };
    });
  }
}

/** ‖x‖₂ = √Σx² */
function norm(values: Numbers): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}
