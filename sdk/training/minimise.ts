/** A function of many numbers. Writes its gradient at `at` into `gradient` and returns its value there. */
export type Objective = (at: Float64Array, gradient: Float64Array) => Promise<number>;

export interface Minimum {
  readonly at: Float64Array;
  readonly value: number;
  readonly steps: number;
}

/** Pairs of steps and changes of the gradient that are remembered. */
const memory = 10;
/** A step has to bring this share of what the slope promises. */
const sufficient = 1e-4;
const mostHalvings = 30;

/**
 * The minimum of a smooth convex function by L-BFGS (Nocedal and Wright, Numerical Optimization, 2006, algorithm 7.5) with a
 * backtracking line search.
 *
 * @param start is not written to
 * @param tolerance ends where no component of the gradient is larger
 * @param onStep is told of each step's value
 */
export async function minimise(
  objective: Objective,
  start: Float64Array,
  { mostSteps, tolerance, onStep }: { mostSteps: number; tolerance: number; onStep?: (value: number) => void },
): Promise<Minimum> {
  let at = start.slice();
  let gradient = new Float64Array(at.length);
  let value = await objective(at, gradient);
  const pairs: { readonly step: Float64Array; readonly change: Float64Array; readonly product: number }[] = [];
  let steps = 0;
  while (steps < mostSteps && largest(gradient) > tolerance) {
    const direction = descend(gradient, pairs);
    const slope = dot(direction, gradient);
    // Of the first step nothing is known but its direction.
    let length = pairs.length > 0 ? 1 : Math.min(1, 1 / Math.sqrt(dot(gradient, gradient)));
    const nextGradient = new Float64Array(at.length);
    let next = at;
    let nextValue = value;
    let halvings = 0;
    for (; halvings < mostHalvings; halvings++, length /= 2) {
      next = at.map((x, i) => x + length * direction[i]);
      nextValue = await objective(next, nextGradient);
      if (nextValue <= value + sufficient * length * slope) break;
    }
    // No step brings anything any more: as near as these numbers allow.
    if (halvings === mostHalvings) break;
    const step = next.map((x, i) => x - at[i]);
    const change = nextGradient.map((g, i) => g - gradient[i]);
    const product = dot(step, change);
    if (product > 1e-12 * dot(change, change)) {
      pairs.push({ step, change, product });
      if (pairs.length > memory) pairs.shift();
    }
    at = next;
    gradient = nextGradient;
    value = nextValue;
    steps++;
    onStep?.(value);
  }
  return { at, value, steps };
}

/** -H · gradient, H the inverse of the curvature as the pairs know it. */
function descend(
  gradient: Float64Array,
  pairs: readonly { readonly step: Float64Array; readonly change: Float64Array; readonly product: number }[],
): Float64Array {
  const direction = gradient.map((g) => -g);
  const factors: number[] = [];
  for (let i = pairs.length - 1; i >= 0; i--) {
    const { step, change, product } = pairs[i];
    factors[i] = dot(step, direction) / product;
    add(direction, change, -factors[i]);
  }
  const last = pairs.at(-1);
  if (last) {
    const scale = last.product / dot(last.change, last.change);
    for (let i = 0; i < direction.length; i++) direction[i] *= scale;
  }
  pairs.forEach(({ step, change, product }, i) => {
    add(direction, step, factors[i] - dot(change, direction) / product);
  });
  return direction;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function add(to: Float64Array, what: Float64Array, factor: number): void {
  for (let i = 0; i < to.length; i++) to[i] += factor * what[i];
}

function largest(values: Float64Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}
