import type { GenerateOptions } from '../loaded-model/generate-options.ts';
import * as is from '../options/kinds.ts';
import { badRequest } from './api-error.ts';
import { type ConstraintParameters, constraintKinds, readConstraint } from './read-constraint.ts';
import type { Kinds } from './read-parameters.ts';
import { RequestObject } from './request-object.ts';

/** Of chat and of completions. What a request does not say is as the model's own defaults have it. */
export interface SamplingParameters extends ConstraintParameters {
  readonly model: string;
  readonly temperature?: number;
  readonly top_p?: number;
  // From here as other servers have them: OpenAI has none.
  /** 0 and -1 are off. */
  readonly top_k?: number;
  readonly min_p?: number;
  readonly repetition_penalty?: number;
  readonly repeat_penalty?: number;
  readonly stop_token_ids?: number[];
  readonly min_tokens?: number;
  // OpenAI's again.
  readonly presence_penalty?: number;
  readonly frequency_penalty?: number;
  readonly logit_bias?: Record<number, number>;
  readonly seed?: number;
  readonly stop?: string | string[];
  readonly max_tokens?: number;
  /** Answers to one request, one after the other. */
  readonly n?: number;
  readonly stream?: boolean;
  readonly stream_options?: object;
}

const stop: is.Kind = {
  mustBe: 'a text, or an array of texts, that are not empty',
  allows: (value) => is.text.allows(value) || Array.isArray(value),
  parts: (name, value: unknown) => [[name, [value].flat(), is.filledTexts]],
};

/** The ranges are OpenAI's where it has one. */
export const samplingKinds: Kinds<SamplingParameters> = {
  ...constraintKinds,
  model: is.text,
  temperature: is.number({ from: 0, to: 2 }),
  top_p: is.number({ from: 0, to: 1 }),
  top_k: is.wholeNumber(-1),
  min_p: is.number({ from: 0, to: 1 }),
  repetition_penalty: is.number({ above: 0 }),
  repeat_penalty: is.number({ above: 0 }),
  stop_token_ids: is.tokenIds,
  min_tokens: is.wholeNumber(0),
  presence_penalty: is.number({ from: -2, to: 2 }),
  frequency_penalty: is.number({ from: -2, to: 2 }),
  logit_bias: is.logitBias,
  // So that each of n answers has a seed of its own.
  seed: is.wholeNumber(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER - 128),
  stop,
  max_tokens: is.wholeNumber(0),
  n: is.wholeNumber(1, 128),
  stream: is.flag,
  stream_options: is.object,
};

/** The options of the answer with index `choice` of the `n` that a request asks for. */
export function generateOptions(parameters: SamplingParameters, choice: number): GenerateOptions {
  const { stop, seed } = parameters;
  return {
    temperature: parameters.temperature,
    topP: parameters.top_p,
    topK: parameters.top_k === -1 ? 0 : parameters.top_k,
    minP: parameters.min_p,
    repetitionPenalty: parameters.repetition_penalty ?? parameters.repeat_penalty,
    stopTokenIds: parameters.stop_token_ids,
    minNewTokens: parameters.min_tokens,
    presencePenalty: parameters.presence_penalty,
    frequencyPenalty: parameters.frequency_penalty,
    logitBias: parameters.logit_bias,
    seed: seed === undefined ? undefined : seed + choice,
    stop: stop === undefined ? undefined : [stop].flat(),
    maxNewTokens: parameters.max_tokens,
    constraint: readConstraint(parameters),
  };
}

/** Whether the stream is to end with what the request cost. @throws ApiError 400 */
export function includesUsage({ stream, stream_options: options }: SamplingParameters): boolean {
  if (options === undefined) return false;
  if (stream !== true)
    throw badRequest('stream_options is given without stream: true; leave it out, or stream.', 'stream_options');
  return new RequestObject('stream_options', options).get('include_usage', is.optional(is.flag)) === true;
}
