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
    this.#before = new Map(
      this.#parameters
        .filter(({ kind }) => kind === 'weight')
        .map(parameter => [parameter, parameter.value.values.slice()]),
    );
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
        updateRatio: weightNorm > 0 ? Math.min(norm(change) / weightNorm, Number.MAX_VALUE) : 0,
      };
    });
  }
}

/** ‖x‖₂ = s √Σ(x/s)² with s = max |x|, so that no square overflows. At most the largest number there is. */
function norm(values: Numbers): number {
  let scale = 0;
  for (const value of values) scale = Math.max(scale, Math.abs(value));
  if (scale === 0) return 0;
  let sum = 0;
  for (const value of values) sum += (value / scale) ** 2;
  return Math.min(scale * Math.sqrt(sum), Number.MAX_VALUE);
}
