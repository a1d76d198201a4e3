import { invalidOption } from '../options/check-options.ts';
import type { SamplingOptions } from './sampling-options.ts';

/** Every option with its value, checked: a plain record that crosses a worker boundary. */
export interface ResolvedSamplingOptions {
  readonly repetitionPenalty: number;
  readonly presencePenalty: number;
  readonly frequencyPenalty: number;
  readonly noRepeatNgramSize: number;
  /** Token id and what is added to its logit. */
  readonly logitBias: readonly (readonly [tokenId: number, bias: number])[];
  readonly bannedTokenIds: readonly number[];
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly minP: number;
  readonly typicalP: number;
  readonly seed: number;
}

type NumberOption = Exclude<keyof SamplingOptions, 'logitBias' | 'bannedTokenIds'>;

function isTokenId(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 31;
}

/**
 * Fills in the defaults and checks every range, once, at the edge.
 *
 * @throws GptletError INVALID_OPTION naming the option, its value and what is allowed.
 */
export function resolveSamplingOptions(options: SamplingOptions = {}): ResolvedSamplingOptions {
  const number = (
    name: NumberOption,
    fallback: number,
    allowed: string,
    isAllowed: (value: number) => boolean,
  ): number => {
    const value: unknown = options[name] ?? fallback;
    if (typeof value !== 'number' || !isAllowed(value)) throw invalidOption(name, value, allowed);
    return value;
  };
  const isCount = (value: number): boolean => Number.isInteger(value) && value >= 0 && value < 2 ** 31;
  const isShare = (value: number): boolean => value >= 0 && value <= 1;
  return {
    repetitionPenalty: number(
      'repetitionPenalty',
      1,
      'a finite number above 0 (1 is off)',
      (v) => Number.isFinite(v) && v > 0,
    ),
    presencePenalty: number('presencePenalty', 0, 'a finite number (0 is off)', Number.isFinite),
    frequencyPenalty: number('frequencyPenalty', 0, 'a finite number (0 is off)', Number.isFinite),
    noRepeatNgramSize: number('noRepeatNgramSize', 0, 'an integer of at least 0 (0 is off)', isCount),
    logitBias: resolveBias(options.logitBias),
    bannedTokenIds: resolveTokenIds('bannedTokenIds', options.bannedTokenIds),
    temperature: number(
      'temperature',
      1,
      'a finite number of at least 0 (0 is greedy)',
      (v) => Number.isFinite(v) && v >= 0,
    ),
    topK: number('topK', 0, 'an integer of at least 0 (0 is off)', isCount),
    topP: number('topP', 1, 'a number from 0 to 1 (1 is off)', isShare),
    minP: number('minP', 0, 'a number from 0 to 1 (0 is off)', isShare),
    typicalP: number('typicalP', 1, 'a number above 0 and at most 1 (1 is off)', (v) => v > 0 && v <= 1),
    seed:
      options.seed === undefined
        ? randomSeed()
        : number('seed', 0, 'an integer from -(2^53 - 1) to 2^53 - 1', Number.isSafeInteger),
  };
}

function resolveBias(bias: unknown): [number, number][] {
  if (bias === undefined || bias === null) return [];
  if (typeof bias !== 'object') throw invalidOption('logitBias', bias, 'an object of token id to number');
  return Object.entries(bias).map(([key, value]: [string, unknown]) => {
    const id = key.trim() === '' ? Number.NaN : Number(key);
    if (!isTokenId(id)) throw invalidOption('a key of logitBias', key, 'a token id');
    if (!Number.isFinite(Math.fround(value as number)) || typeof value !== 'number')
      throw invalidOption(`logitBias[${key}]`, value, 'a number below 3.4e38; bannedTokenIds rules a token out');
    return [id, value as number];
  });
}

/** @throws GptletError INVALID_OPTION unless `ids` is an array of what can be token ids, or nothing */
export function resolveTokenIds(name: string, ids: unknown): number[] {
  if (ids === undefined || ids === null) return [];
  if (!Array.isArray(ids)) throw invalidOption(name, ids, 'an array of token ids');
  ids.forEach((id, i) => {
    if (!isTokenId(id)) throw invalidOption(`${name}[${i}]`, id, 'a token id');
  });
  return ids.slice();
}

/** 53 random bits. */
function randomSeed(): number {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2));
  return (high >>> 11) * 2 ** 32 + low;
}
