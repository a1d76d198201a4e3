import type { GenerationDefaults } from '../checkpoint/checkpoint.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import { checkOptions, invalidOption } from '../options/check-options.ts';
import { resolveSamplingOptions, resolveTokenIds } from '../sampler/resolve-sampling-options.ts';
import type { SamplingOptions } from '../sampler/sampling-options.ts';

/**
 * Output that always has a form: one of some strings, a regular expression, or JSON of a schema.
 *
 * A schema's keywords: `type`, `enum`, `const`; `properties`, `required`, `additionalProperties`, `maxProperties`; `items`,
 * `minItems`, `maxItems`; `minLength`, `maxLength`, `pattern`, `format` (date, time, date-time, email, ipv4, uuid);
 * `minimum`, `maximum` and the exclusive ones; `anyOf`, `oneOf` (where the schemas tell apart), `allOf`, also beside other
 * keywords; `$ref` within the schema, nested up to 8 times in itself. Any other keyword that would narrow the values (`multipleOf`,
 * `uniqueItems`, `patternProperties`, `not`, `contains` …) is an error rather than ignored. Objects have the declared
 * properties only, in the order of the schema.
 */
export type ConstraintOption = { choices: string[] } | { regex: string } | { jsonSchema: object };

/**
 * Options of one generation. Defaults: the checkpoint's generation_config.json where it says something,
 * else those below; an option given wins. A generation_config.json without `do_sample` says nothing about sampling, so
 * gptlet samples at temperature 1, where the hub's own library would be greedy; `temperature: 0` is greedy.
 */
export interface GenerateOptions extends SamplingOptions {
  /** Most tokens to generate. @default 128 */
  maxNewTokens?: number;
  /** No end-of-text and no stop before this many tokens. @default 0 */
  minNewTokens?: number;
  /**
   * Texts that do not come: the last token of each is banned where the others stand before it, as the tokenizer writes the
   * text alone and after a space (the hub's `bad_words_ids`). Other tokens that spell the same text stay possible.
   */
  bannedTexts?: string[];
  /** Generation ends before the first of these texts; it is never shown, not even in part. */
  stop?: string[];
  /** Ids that end generation beside the model's own end-of-text, which `[]` leaves in force; `minNewTokens` holds it off. @default [] */
  stopTokenIds?: number[];
  /** Alternatives to report per token, 0 … 20; undefined reports nothing. Not with beams. */
  logprobs?: number;
  /**
   * Beams of a beam search, which draws nothing: temperature, filters and seed do not count. Stop texts cut what it found.
   * Not with `constraint` or `logprobs`. 1 is none. @default 1
   */
  numBeams?: number;
  /** Exponent on the length that divides a beam's score. @default 1 */
  lengthPenalty?: number;
  /** Stop a beam search as soon as numBeams sequences are finished. @default false */
  earlyStopping?: boolean;
  /** Independent continuations of one prompt. @default 1 */
  numSequences?: number;
  constraint?: ConstraintOption;
  signal?: AbortSignal;
}

/** The options of the loop itself, all present and checked; sampling options stay with the sampler. */
export interface ResolvedGenerateOptions {
  readonly maxNewTokens: number;
  readonly minNewTokens: number;
  readonly bannedTexts: readonly string[];
  readonly stop: readonly string[];
  readonly stopTokenIds: ReadonlySet<number>;
  readonly logprobs: number | undefined;
  readonly numBeams: number;
  readonly lengthPenalty: number;
  readonly earlyStopping: boolean;
  readonly numSequences: number;
  readonly constraint: ConstraintOption | undefined;
  readonly sampling: SamplingOptions;
}

/** Checks options and fills in defaults, once, at the edge. @throws GptletError INVALID_OPTION */
export function resolveGenerateOptions(
  given: GenerateOptions,
  defaults: GenerationDefaults,
  eosTokenIds: readonly number[],
): ResolvedGenerateOptions {
  checkOptions(given);
  const integer = (name: keyof GenerateOptions, fallback: number, min: number, max: number): number => {
    const value = (given[name] as number | undefined) ?? fallback;
    if (!Number.isInteger(value) || value < min || value > max) {
      throw invalidOption(name, value, `a whole number from ${min} to ${max}`);
    }
    return value;
  };
  const sampling: SamplingOptions = {};
  const all = resolveSamplingOptions({});
  for (const name of Object.keys(all) as (keyof SamplingOptions)[]) {
    const value = given[name] ?? (defaults as SamplingOptions)[name];
    if (value !== undefined) Object.assign(sampling, { [name]: value });
  }
  const maxNewTokens = integer('maxNewTokens', defaults.maxNewTokens ?? 128, 0, 2 ** 31 - 1);
  const minNewTokens = integer('minNewTokens', Math.min(defaults.minNewTokens ?? 0, maxNewTokens), 0, maxNewTokens);
  const lengthPenalty = given.lengthPenalty ?? 1;
  if (typeof lengthPenalty !== 'number' || !Number.isFinite(lengthPenalty)) {
    throw invalidOption('lengthPenalty', lengthPenalty, 'a finite number');
  }
  const earlyStopping = given.earlyStopping ?? false;
  if (typeof earlyStopping !== 'boolean') throw invalidOption('earlyStopping', earlyStopping, 'true or false');
  const numBeams = integer('numBeams', 1, 1, 64);
  const numSequences = integer('numSequences', 1, 1, 64);
  if (numBeams > 1 && numSequences > numBeams) {
    throw invalid(
      'numSequences',
      `is ${numSequences} but numBeams is ${numBeams}; a beam search returns at most numBeams sequences`,
    );
  }
  for (const name of ['constraint', 'logprobs'] as const) {
    if (numBeams > 1 && given[name] !== undefined)
      throw invalid(name, 'cannot be combined with numBeams > 1; leave one of the two out');
  }
  const resolved = {
    maxNewTokens,
    minNewTokens,
    bannedTexts: texts('bannedTexts', given.bannedTexts),
    stop: texts('stop', given.stop),
    stopTokenIds: new Set([
      ...(defaults.eosTokenIds ?? eosTokenIds),
      ...resolveTokenIds('stopTokenIds', given.stopTokenIds),
    ]),
    logprobs: given.logprobs === undefined ? undefined : integer('logprobs', 0, 0, 20),
    numBeams,
    lengthPenalty,
    earlyStopping,
    numSequences,
    constraint: given.constraint ?? undefined,
    sampling,
  };
  // An option that is no option here would be ignored.
  checkOptions(given, { ...all, ...resolved, signal: undefined });
  return resolved;
}

function texts(name: string, value: string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.some((text) => typeof text !== 'string' || text === '')) {
    throw invalidOption(name, value, 'an array of texts that are not empty');
  }
  return value;
}

function invalid(name: string, what: string): GptletError {
  return new GptletError('INVALID_OPTION', `The option '${name}' ${what}.`);
}
