import type { GenerationPart, GenerationResult } from '../loaded-model/generation.ts';
import * as is from '../options/kinds.ts';
import { badRequest } from './api-error.ts';
import { eachRun, type RunEvent, resultsOf } from './each-run.ts';
import type { Endpoint } from './endpoint.ts';
import { eventStream } from './event-stream.ts';
import { jsonResponse } from './json-response.ts';
import { type Echo, echoOf, type WirePrompt } from './prompt-echo.ts';
import { type Kinds, readParameters } from './read-parameters.ts';
import { responseHead } from './response-head.ts';
import { generateOptions, includesUsage, type SamplingParameters, samplingKinds } from './sampling-parameters.ts';
import { requireAbility } from './served-models.ts';
import { CompletionLogprobs } from './token-logprobs.ts';
import { usageOf } from './usage.ts';

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
  const withUsage = includesUsage(parameters);
  const model = requireAbility(await models.open(parameters.model), 'generate', parameters.model);
  const echoes = echo
    ? await Promise.all(prompts.map((each) => echoOf(each, logprobs === 0, model, parameters.model, stop.signal)))
    : [];
  const runs = prompts.flatMap((each) =>
    Array.from({ length: n }, (_, choice) => () => {
      const options = generateOptions(parameters, choice);
      // As many as OpenAI's interface has where nobody says.
      const maxNewTokens = options.maxNewTokens ?? 16;
      return model.generate(each, { ...options, maxNewTokens, logprobs, signal: stop.signal });
    }),
  );
  const events = eachRun<GenerationPart, GenerationResult>(runs, stop.signal);
  const head = { ...responseHead('cmpl', parameters.model), object: 'text_completion' };
  if (parameters.stream) return eventStream(chunks(events, head, echoes, n, withUsage), stop);
  const results = await resultsOf(events);
  const choices = results.map((result, index) => wholeChoice(result, index, echoes[Math.floor(index / n)]));
  return jsonResponse({ ...head, choices, usage: usageOf(results, n) });
};

/** The prompts of a request: one, or those of a list. */
function listOf(given: WirePrompt | readonly WirePrompt[]): readonly WirePrompt[] {
  return typeof given === 'string' || typeof given[0] === 'number'
    ? [given as WirePrompt]
    : (given as readonly WirePrompt[]);
}

function wholeChoice(
  { text, logprobs, finishReason }: GenerationResult,
  index: number,
  echo: Echo | undefined,
): object {
  const tokens = [...(echo?.tokens ?? []), ...(logprobs ?? [])];
  return {
    index,
    text: (echo?.text ?? '') + text,
    logprobs: logprobs ? new CompletionLogprobs().of(tokens) : null,
    finish_reason: finishOf(finishReason),
  };
}

/** The answers in pieces, one after the other. */
async function* chunks(
  events: AsyncIterable<RunEvent<GenerationPart, GenerationResult>>,
  head: object,
  echoes: readonly Echo[],
  n: number,
  withUsage: boolean,
): AsyncGenerator<object, void, undefined> {
  const chunk = (index: number, text: string, logprobs: object | null, finish: string | null = null): object => ({
    ...head,
    choices: [{ index, text, logprobs, finish_reason: finish }],
    ...(withUsage && { usage: null }),
  });
  const results: GenerationResult[] = [];
  let begun = 0;
  let written = new CompletionLogprobs();
  for await (const { index, part, result } of events) {
    if (index === begun) {
      begun++;
      written = new CompletionLogprobs();
      const echo = echoes[Math.floor(index / n)];
      if (echo) yield chunk(index, echo.text, echo.tokens ? written.of(echo.tokens) : null);
    }
    if (part) yield chunk(index, part.text, part.logprobs ? written.of(part.logprobs) : null);
    if (result) {
      results.push(result);
      yield chunk(index, '', null, finishOf(result.finishReason));
    }
  }
  if (withUsage) yield { ...head, choices: [], usage: usageOf(results, n) };
}

const finishOf = (reason: GenerationResult['finishReason']): string => (reason === 'length' ? 'length' : 'stop');
