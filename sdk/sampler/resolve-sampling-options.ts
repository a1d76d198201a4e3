import { defaultsOf } from '../options/check-options.ts';
import { samplingOptions } from '../options/table.ts';
import type { SamplingOptions } from './sampling-options.ts';

/** Every option with its value, checked: a plain record that crosses a worker boundary. */
export interface ResolvedSamplingOptions
  extends Readonly<Required<Omit<SamplingOptions, 'logitBias' | 'bannedTokenIds'>>> {
  /** Token id and what is added to its logit. */
  readonly logitBias: readonly (readonly [tokenId: number, bias: number])[];
  readonly bannedTokenIds: readonly number[];
}

/** Fills in what was not given. `checked` may hold other options beside; they are left out. */
export function resolveSamplingOptions(checked: SamplingOptions): ResolvedSamplingOptions {
  const all = { ...defaultsOf<SamplingOptions>(samplingOptions()), seed: checked.seed ?? randomSeed() };
  for (const name of Object.keys(all) as (keyof SamplingOptions)[])
    Object.assign(all, { [name]: checked[name] ?? all[name] });
  const { logitBias, bannedTokenIds, ...numbers } = all as Required<SamplingOptions>;
  return {
    ...numbers,
    logitBias: Object.entries(logitBias).map(([tokenId, bias]) => [Number(tokenId), bias]),
    bannedTokenIds: [...bannedTokenIds],
  };
}

/** 53 random bits. */
function randomSeed(): number {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2));
  return (high >>> 11) * 2 ** 32 + low;
}
