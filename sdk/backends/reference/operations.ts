import type { Activation } from '../../model/config.ts';
import type { RotaryAngles } from '../../model/rotary.ts';

// The obvious version of every operation, in double precision, on plain arrays: what kernels are tested against.

/** Layer normalisation of one vector x (C). */
export function layerNorm(
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  bias: ArrayLike<number>,
  epsilon: number,
): Float64Array {
  const n = x.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += x[i] / n;
  let variance = 0;
  for (let i = 0; i < n; i++) variance += (x[i] - mean) ** 2 / n;
  const scale = 1 / Math.sqrt(variance + epsilon);
  return Float64Array.from({ length: n }, (_, i) => (x[i] - mean) * scale * weight[i] + bias[i]);
}

/** Norm of one vector x (C) by its root mean square (Zhang and Sennrich, 2019). */
export function rmsNorm(x: ArrayLike<number>, weight: ArrayLike<number>, epsilon: number): Float64Array {
  const n = x.length;
  let square = 0;
  for (let i = 0; i < n; i++) square += x[i] ** 2 / n;
  const scale = 1 / Math.sqrt(square + epsilon);
  return Float64Array.from({ length: n }, (_, i) => x[i] * scale * weight[i]);
}

/** Turns the first values of a head in place: value i together with value i + size / 2 (Su et al., RoFormer, 2021). */
export function rotate(head: Float64Array, { frequencies, magnitude }: RotaryAngles, position: number): void {
  const half = frequencies.length;
  for (let i = 0; i < half; i++) {
    const cos = Math.cos(position * frequencies[i]) * magnitude;
    const sin = Math.sin(position * frequencies[i]) * magnitude;
    const [a, b] = [head[i], head[i + half]];
    head[i] = a * cos - b * sin;
    head[i + half] = b * cos + a * sin;
  }
}

/** c · tanh(x / c), or x where c is 0. */
export const softCap = (x: number, c: number): number => (c > 0 ? c * Math.tanh(x / c) : x);

/** weight (O, I) times x (I) plus bias (O). */
export function linear(
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  outputs: number,
  bias?: ArrayLike<number>,
): Float64Array {
  const inputs = x.length;
  const y = new Float64Array(outputs);
  for (let o = 0; o < outputs; o++) {
    let sum = bias ? bias[o] : 0;
    for (let i = 0; i < inputs; i++) sum += weight[o * inputs + i] * x[i];
    y[o] = sum;
  }
  return y;
}

/** Softmax of a vector, with the maximum subtracted first. */
export function softmax(x: ArrayLike<number>): Float64Array {
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < x.length; i++) max = Math.max(max, x[i]);
  const y = Float64Array.from(x, (value) => Math.exp(value - max));
  let sum = 0;
  for (const value of y) sum += value;
  return y.map((value) => value / sum);
}

/** Gauss error function (Abramowitz and Stegun 7.1.5 series near zero, continued fraction beyond), to 1e-12. */
export function erf(x: number): number {
  const z = Math.abs(x);
  if (z < 3) {
    let term = z;
    let sum = z;
    for (let n = 1; n < 80; n++) {
      term *= (-z * z) / n;
      sum += term / (2 * n + 1);
    }
    return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI);
  }
  let fraction = 0;
  for (let n = 60; n > 0; n--) fraction = n / 2 / (z + fraction);
  return Math.sign(x) * (1 - Math.exp(-z * z) / (Math.sqrt(Math.PI) * (z + fraction)));
}

/** The feed-forward activation. */
export function activate(kind: Activation, x: number): number {
  switch (kind) {
    case 'gelu_new':
      return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
    case 'gelu':
      return 0.5 * x * (1 + erf(x / Math.SQRT2));
    case 'relu':
      return Math.max(0, x);
    case 'silu':
      return x / (1 + Math.exp(-x));
    case 'tanh':
      return Math.tanh(x);
  }
}
