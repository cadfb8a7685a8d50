import { expMinusOneOfNegative, normalDensity, normalDistribution, sigmoid, softplus, tanh } from './elementary';
import { choose, multiplyAdd } from './vector';

/** Activations by number; the host has the same list. softmax, the last, works on rows and is in `softmax`. */
const identity: i32 = 0;
const step: i32 = 1;
const relu: i32 = 2;
const leakyRelu: i32 = 3;
const elu: i32 = 4;
const gelu: i32 = 5;
const silu: i32 = 6;
const sigmoidal: i32 = 7;
const hyperbolic: i32 = 8;
const softened: i32 = 9;

/** Slope of the leaky ReLU below 0. */
const leak: f32 = 0.01;

/** σ(a) of four numbers. */
// @ts-ignore: decorators are the compiler's own.
@inline
function valueOf(activation: i32, a: v128): v128 {
  const zero = f32x4.splat(0);
  switch (activation) {
    case identity:
      return a;
    case step:
      return v128.and(f32x4.gt(a, zero), f32x4.splat(1));
    case relu:
      return v128.and(f32x4.gt(a, zero), a);
    case leakyRelu:
      return choose(f32x4.gt(a, zero), a, f32x4.mul(a, f32x4.splat(leak)));
    case elu:
      return choose(f32x4.gt(a, zero), a, expMinusOneOfNegative(f32x4.min(a, zero)));
    case gelu:
      return f32x4.mul(a, normalDistribution(a));
    case silu:
      return f32x4.mul(a, sigmoid(a));
    case sigmoidal:
      return sigmoid(a);
    case hyperbolic:
      return tanh(a);
    case softened:
      return softplus(a);
    default:
      return unreachable();
  }
}

/** σ′(a) of four numbers, given z = σ(a). */
// @ts-ignore: decorators are the compiler's own.
@inline
function derivativeOf(activation: i32, a: v128, z: v128): v128 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  switch (activation) {
    case identity:
      return one;
    case step:
      return zero;
    case relu:
      return v128.and(f32x4.gt(a, zero), one);
    case leakyRelu:
      return choose(f32x4.gt(a, zero), one, f32x4.splat(leak));
    case elu:
      return choose(f32x4.gt(a, zero), one, f32x4.add(z, one));
    case gelu:
      return multiplyAdd(a, normalDensity(a), normalDistribution(a));
    case silu: {
      const s = sigmoid(a);
      return multiplyAdd(z, f32x4.sub(one, s), s);
    }
    case sigmoidal:
      return f32x4.mul(z, f32x4.sub(one, z));
    case hyperbolic:
      return f32x4.sub(one, f32x4.mul(z, z));
    case softened:
      return sigmoid(a);
    default:
      return unreachable();
  }
}

// One loop an activation, so that the choice is made once and not for every vector.

// @ts-ignore: decorators are the compiler's own.
@inline
function activateAll(activation: i32, preActivation: usize, output: usize, bytes: i32): void {
  for (let at = 0; at < bytes; at += 16) v128.store(output + at, valueOf(activation, v128.load(preActivation + at)));
}

/** output ← σ(preActivation) over `bytes`, rounded up to whole vectors. */
export function activate(activation: i32, preActivation: usize, output: usize, bytes: i32): void {
  switch (activation) {
    case identity:
      return activateAll(identity, preActivation, output, bytes);
    case step:
      return activateAll(step, preActivation, output, bytes);
    case relu:
      return activateAll(relu, preActivation, output, bytes);
    case leakyRelu:
      return activateAll(leakyRelu, preActivation, output, bytes);
    case elu:
      return activateAll(elu, preActivation, output, bytes);
    case gelu:
      return activateAll(gelu, preActivation, output, bytes);
    case silu:
      return activateAll(silu, preActivation, output, bytes);
    case sigmoidal:
      return activateAll(sigmoidal, preActivation, output, bytes);
    case hyperbolic:
      return activateAll(hyperbolic, preActivation, output, bytes);
    default:
      return activateAll(softened, preActivation, output, bytes);
  }
}

// @ts-ignore: decorators are the compiler's own.
@inline
function differentiateAll(
  activation: i32,
  preActivation: usize,
  output: usize,
  outputGradient: usize,
  preActivationGradient: usize,
  bytes: i32,
): void {
  for (let at = 0; at < bytes; at += 16) {
    const derivative = derivativeOf(activation, v128.load(preActivation + at), v128.load(output + at));
    v128.store(preActivationGradient + at, f32x4.mul(v128.load(outputGradient + at), derivative));
  }
}

/** preActivationGradient ← outputGradient ⊙ σ′(preActivation) over `bytes`, rounded up to whole vectors; in place too. */
export function activationGradient(activation: i32, a: usize, z: usize, from: usize, to: usize, bytes: i32): void {
  switch (activation) {
    case identity:
      return differentiateAll(identity, a, z, from, to, bytes);
    case step:
      return differentiateAll(step, a, z, from, to, bytes);
    case relu:
      return differentiateAll(relu, a, z, from, to, bytes);
    case leakyRelu:
      return differentiateAll(leakyRelu, a, z, from, to, bytes);
    case elu:
      return differentiateAll(elu, a, z, from, to, bytes);
    case gelu:
      return differentiateAll(gelu, a, z, from, to, bytes);
    case silu:
      return differentiateAll(silu, a, z, from, to, bytes);
    case sigmoidal:
      return differentiateAll(sigmoidal, a, z, from, to, bytes);
    case hyperbolic:
      return differentiateAll(hyperbolic, a, z, from, to, bytes);
    default:
      return differentiateAll(softened, a, z, from, to, bytes);
  }
}
