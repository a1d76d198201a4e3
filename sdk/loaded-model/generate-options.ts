import { GptletError } from '../errors/gptlet-error.ts';
import { invalid } from '../errors/invalid.ts';
import type { GenerationDefaults } from '../model/generation-defaults.ts';
import { checkOptions, defaultsOf } from '../options/check-options.ts';
import { generateOptions, samplingOptions } from '../options/table.ts';
import { type ResolvedSamplingOptions, resolveSamplingOptions } from '../sampler/resolve-sampling-options.ts';
import type { SamplingOptions } from '../sampler/sampling-options.ts';
import type { DraftModel } from './draft-model.ts';

/**
 * Output that always has a form: one of some strings, a regular expression, or JSON of a schema.
 *
 * Of a schema every keyword of the drafts 4 to 2020-12 is kept, references within it and recursion too; docs/constraints.md has
 * the list. A schema says what the standard says it says: without `additionalProperties: false` other properties may follow the
 * declared ones, without `type` values of any type fit. Properties come in the order of the schema. What cannot be enforced (a
 * pattern with a back reference, more joined schemas than can be followed) is INVALID_OPTION.
 *
 * The model's own `no_repeat_ngram_size` does not hold for constrained text, since a structure repeats its names; the option
 * `noRepeatNgramSize` does. Text that must come is not drawn token by token: see `usage.forcedTokens`.
 */
export type ConstraintOption = (
  | { choices: string[] }
  | { regex: string }
  | {
      jsonSchema: object;
      /** Schemas that its `$ref`s speak of, by their addresses. */
      references?: Record<string, object | boolean>;
      /** Of a condition that cannot be enforced: 'error' refuses the schema, 'ignore' goes on without it. @default 'error' */
      unsupported?: 'error' | 'ignore';
      /** Texts of which one stands behind the value, as it does amid other text; then a blank may stand before it. @default none */
      followedBy?: string[];
    }
) & {
  /** What stands at the end of the prompt already and belongs to the form: what is generated goes on with it. @default '' */
  after?: string;
};

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
  /**
   * Speculative decoding: tokens are guessed, and the model looks at several in one pass, which costs little more than one. The result is
   * the same, sooner; `usage.draftedTokens` and `usage.acceptedTokens` tell how well it went. It rests by itself where it does not pay.
   *
   * `'prompt'` guesses that what stood in the prompt or in the answer comes again, as in summaries, edits, and code or data
   * about the prompt. A model guesses as it would go on itself: one of `loadModel`, or the id of one to load beside this one, in a worker of its own; it
   * must have the same tokenizer, and should be a tenth of the size or less. Not with beams. @default none
   */
  draft?: 'prompt' | DraftModel | (string & {});
  /** The name of an adapter of `loadAdapter`. A model that drafts does so without. @default none */
  adapter?: string;
  signal?: AbortSignal;
}

declare const isChecked: unique symbol;

/** Options that have been checked, without those that are null or undefined. */
export type CheckedGenerateOptions = Readonly<GenerateOptions> & { readonly [isChecked]: true };

/** The options of one generation, all present. */
export interface ResolvedGenerateOptions {
  readonly maxNewTokens: number;
  readonly minNewTokens: number;
  readonly bannedTexts: readonly string[];
  readonly stop: readonly string[];
  /** The model's own end-of-text too. */
  readonly stopTokenIds: ReadonlySet<number>;
  readonly logprobs: number | undefined;
  readonly numBeams: number;
  readonly lengthPenalty: number;
  readonly earlyStopping: boolean;
  readonly numSequences: number;
  readonly constraint: ConstraintOption | undefined;
  /** A port has a model at its other end, which answers to `DraftQuestion`s. */
  readonly draft: 'prompt' | MessagePort | undefined;
  readonly adapter: string | undefined;
  readonly sampling: ResolvedSamplingOptions;
}

/** Checks options by the table, once a call, at the edge. @throws GptletError INVALID_OPTION */
export const checkGenerateOptions = (given: GenerateOptions): CheckedGenerateOptions =>
  withoutContradictions(checkOptions({ ...generateOptions(), ...samplingOptions() }, given));

/** Checks what options that the table has checked say of each other. @throws GptletError INVALID_OPTION */
export function withoutContradictions(checked: GenerateOptions): CheckedGenerateOptions {
  const { numBeams = 1, numSequences = 1 } = checked;
  if (numBeams > 1 && numSequences > numBeams)
    throw invalid('numSequences', numSequences, `at most numBeams, ${numBeams}: a beam search returns no more`);
  for (const name of ['constraint', 'logprobs', 'draft'] as const) {
    if (numBeams === 1 || checked[name] === undefined) continue;
    throw new GptletError('INVALID_OPTION', `${name} does not go with numBeams above 1; leave one of the two out.`);
  }
  return checked as CheckedGenerateOptions;
}

/**
 * Fills in what was not given, once the model's own defaults are known, and checks what those have to do with it.
 *
 * @throws GptletError INVALID_OPTION
 */
export function resolveGenerateOptions(
  checked: Omit<CheckedGenerateOptions, 'signal'>,
  defaults: GenerationDefaults,
  eosTokenIds: readonly number[],
): ResolvedGenerateOptions {
  const all = {
    ...defaultsOf<Omit<GenerateOptions, keyof SamplingOptions>>(generateOptions()),
    ...defaults,
    ...checked,
  };
  const { maxNewTokens, bannedTexts, stop, numBeams, lengthPenalty, earlyStopping, numSequences } =
    all as Required<GenerateOptions>;
  const { logprobs, constraint, draft, adapter } = checked;
  if ((checked.minNewTokens ?? 0) > maxNewTokens)
    throw invalid('minNewTokens', checked.minNewTokens, `at most maxNewTokens, ${maxNewTokens}`);
  return {
    maxNewTokens,
    // The checkpoint's own minimum does not forbid to ask for less.
    minNewTokens: Math.min(all.minNewTokens ?? 0, maxNewTokens),
    bannedTexts,
    stop,
    stopTokenIds: new Set([...(defaults.eosTokenIds ?? eosTokenIds), ...(checked.stopTokenIds ?? [])]),
    logprobs,
    numBeams,
    lengthPenalty,
    earlyStopping,
    numSequences,
    constraint,
    // Whoever runs the call connects it with a model.
    draft: draft === 'prompt' ? 'prompt' : undefined,
    adapter,
    // A structure repeats its names: the model's own rule against that is not for it.
    sampling: resolveSamplingOptions({ ...defaults, ...(constraint && { noRepeatNgramSize: 0 }), ...checked }),
  };
}
