import type { GenerationPart, GenerationResult } from '../loaded-model/generation.ts';
import * as is from '../options/kinds.ts';
import { badRequest } from './api-error.ts';
import { CompletionLogprobs } from './completion-logprobs.ts';
import type { Endpoint } from './endpoint.ts';
import { type Echo, echoOf, type WirePrompt } from './prompt-echo.ts';
import { type Kinds, readParameters } from './read-parameters.ts';
import { type AnswerForm, respond } from './respond.ts';
import { generateOptions, type SamplingParameters, samplingKinds } from './sampling-parameters.ts';
import { requireAbility } from './served-models.ts';

/** Of `POST /v1/completions`. */
interface CompletionParameters extends SamplingParameters {
  /** One or several. Left out: the beginning of a document. */
  readonly prompt?: WirePrompt | readonly WirePrompt[];
  readonly echo?: boolean;
  /** Likeliest tokens to tell at each place. */
  readonly logprobs?: number;
  readonly suffix?: string;
  readonly best_of?: number;
}

const tokenIds: is.Kind = { ...is.tokenIds, allows: (value) => Array.isArray(value) && value.length > 0 };
const prompt: is.Kind = {
  mustBe: 'a text, an array of texts, an array of token ids or an array of such arrays',
  allows: (value) => typeof value === 'string' || (Array.isArray(value) && value.length > 0),
  parts: (name, value: unknown) => {
    if (typeof value === 'string') return [];
    const items = value as readonly unknown[];
    if (typeof items[0] === 'number') return [[name, items, tokenIds]];
    return items.map((item, i) => [`${name}[${i}]`, item, typeof items[0] === 'string' ? is.text : tokenIds]);
  },
};

const kinds: Kinds<CompletionParameters> = {
  ...samplingKinds,
  prompt,
  echo: is.flag,
  logprobs: is.wholeNumber(0, 20),
  suffix: { mustBe: 'left out, or empty: text is not filled in', allows: (value) => value === '' },
  best_of: is.wholeNumber(1, 128),
};

/** `POST /v1/completions`: texts go on as the model likes, no conversation. */
export const completions: Endpoint = async (body, models, stop) => {
  const parameters = readParameters<CompletionParameters>(kinds, ['model'], {}, body);
  const { n = 1, best_of: best = n, logprobs, echo = false } = parameters;
  if (best !== n) throw badRequest('best_of is not n: answers are not chosen from more of them.', 'best_of');
  if (echo && logprobs) throw badRequest('echo tells no rivals of the prompt: set logprobs to 0.', 'logprobs');
  const prompts = listOf(parameters.prompt ?? '');
  const model = requireAbility(await models.open(parameters.model), 'generate', parameters.model);
  const echoes: Echo[] = [];
  if (echo)
    for (const each of prompts) echoes.push(await echoOf(each, logprobs === 0, model, parameters.model, stop.signal));
  const runs = prompts.flatMap((each) =>
    Array.from({ length: n }, (_, choice) => () => {
      const options = generateOptions(parameters, choice);
      // As many as OpenAI's interface has where nobody says.
      const maxNewTokens = options.maxNewTokens ?? 16;
      return model.generate(each, { ...options, maxNewTokens, logprobs, signal: stop.signal });
    }),
  );
  return respond(parameters, runs, formOf(echoes, n), stop);
};

/** The prompts of a request: one, or those of a list. */
function listOf(given: WirePrompt | readonly WirePrompt[]): readonly WirePrompt[] {
  return typeof given === 'string' || typeof given[0] === 'number'
    ? [given as WirePrompt]
    : (given as readonly WirePrompt[]);
}

/** @param n answers to each prompt, in a row */
function formOf(echoes: readonly (Echo | undefined)[], n: number): AnswerForm<GenerationPart, GenerationResult> {
  const echoBefore = (index: number): Echo | undefined => echoes[Math.floor(index / n)];
  return {
    id: 'cmpl',
    object: 'text_completion',
    chunk: 'text_completion',
    whole({ text, logprobs }, index) {
      const { text: before = '', tokens = [] } = echoBefore(index) ?? {};
      return {
        text: before + text,
        ...(logprobs && { logprobs: new CompletionLogprobs().of([...tokens, ...logprobs]) }),
      };
    },
    pieces(index) {
      const written = new CompletionLogprobs();
      const wire = (text: string, tokens: Echo['tokens'] | GenerationPart['logprobs']): object => ({
        text,
        ...(tokens && { logprobs: written.of(tokens) }),
      });
      const echo = echoBefore(index);
      return {
        first: echo && wire(echo.text, echo.tokens),
        next: ({ text, logprobs }) => wire(text, logprobs),
        last: { text: '' },
      };
    },
  };
}
