import type { ModelConfig } from '../../model/config.ts';
import type { Multiply } from './adapted-linear.ts';
import { attention, type SeeProbabilities } from './attention.ts';
import { convolution } from './convolution.ts';
import type { LayerCache } from './layer-cache.ts';
import { activate, layerNorm, rmsNorm } from './operations.ts';
import type { NamedWeights } from './weights.ts';

/** One block on one token x (C) that stands behind those in the cache. `weight` knows names without `blocks.i.`. */
export function block(
  config: ModelConfig,
  layer: number,
  weight: NamedWeights,
  multiply: Multiply,
  x: Float64Array,
  cache: LayerCache,
  seen: SeeProbabilities,
): Float64Array {
  const { normPlacement } = config;
  const norm = (name: string, v: Float64Array): Float64Array =>
    normalise(config, v, weight(`${name}.weight`), weight(`${name}.bias`));
  const entering = (name: string, v: Float64Array) =>
    normPlacement === 'pre' || normPlacement === 'sandwich' ? norm(name, v) : v;
  const leaving = (name: string, v: Float64Array) =>
    normPlacement === 'output' || normPlacement === 'sandwich' ? norm(name, v) : v;
  const after = (name: string, v: Float64Array) => (normPlacement === 'post' ? norm(name, v) : v);

  const into = entering('norm1', x);
  const mixed = leaving(
    'outputNorm1',
    config.blockKind[layer] === 'attention'
      ? attention(config, layer, weight, multiply, into, cache, seen)
      : convolution(config, weight, multiply, into, cache),
  );
  const between = after('norm1', add(x, mixed));
  const fed = leaving(
    'outputNorm2',
    feedForward(config, multiply, entering('norm2', config.parallelBlock ? x : between)),
  );
  return after('norm2', add(between, fed));
}

/** A norm of the config's kind. */
export function normalise(
  { normKind, normEpsilon }: ModelConfig,
  x: Float64Array,
  weight: Float32Array,
  bias: Float32Array,
): Float64Array {
  return normKind === 'rms' ? rmsNorm(x, weight, normEpsilon) : layerNorm(x, weight, bias, normEpsilon);
}

function feedForward(config: ModelConfig, multiply: Multiply, x: Float64Array): Float64Array {
  const { nInner, nEmbd, activation, gatedMlp } = config;
  const up = multiply('mlp.up', x, (gatedMlp ? 2 : 1) * nInner);
  const inner = Float64Array.from(
    { length: nInner },
    (_, i) => activate(activation, up[i]) * (gatedMlp ? up[nInner + i] : 1),
  );
  return multiply('mlp.down', inner, nEmbd);
}

const add = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, c) => value + b[c]);
