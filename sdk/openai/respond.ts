import type { ChatResult } from '../loaded-model/chatting.ts';
import type { StreamedRun } from '../loaded-model/streamed-run.ts';
import { eachRun } from './each-run.ts';
import { eventStream } from './event-stream.ts';
import { jsonResponse } from './json-response.ts';
import { includesUsage, type SamplingParameters } from './sampling-parameters.ts';
import { unixTime } from './served-models.ts';
import { type Cost, usageOf } from './usage.ts';

/** How answers are written: what of a choice is the endpoint's own, beside its `index` and `finish_reason`. */
export interface AnswerForm<Part, Result> {
  /** What the answers' ids begin with. */
  readonly id: string;
  /** What a response calls itself, and an event of a stream. */
  readonly object: string;
  readonly chunk: string;
  /** An answer as a whole. */
  whole(result: Result, index: number): object;
  /** An answer in pieces. */
  pieces(index: number): Pieces<Part>;
}

export interface Pieces<Part> {
  /** Before all else, if anything. */
  readonly first: object | undefined;
  /** Nothing for parts that say nothing. */
  next(part: Part): object | undefined;
  readonly last: object;
}

type Answer = Cost & { readonly finishReason: ChatResult['finishReason'] };

/** Runs what a request asks for and writes it, as a whole or as a stream. */
export async function respond<Part, Result extends Answer>(
  parameters: SamplingParameters,
  runs: readonly (() => StreamedRun<Part, Result>)[],
  form: AnswerForm<Part, Result>,
  stop: AbortController,
): Promise<Response> {
  const { model, n = 1, stream } = parameters;
  const withUsage = includesUsage(parameters);
  const events = eachRun(runs, stop.signal);
  const head = {
    // Not crypto.randomUUID, which pages have over HTTPS alone; nothing hangs on it but telling answers apart.
    id: `${form.id}-${Math.random().toString(36).slice(2)}`,
    object: stream ? form.chunk : form.object,
    created: unixTime(),
    model,
  };
  const choice = (index: number, own: object | undefined, result?: Result): object => ({
    index,
    logprobs: null,
    ...own,
    finish_reason: result ? finishOf(result) : null,
  });
  const results: Result[] = [];

  async function* chunks(): AsyncGenerator<object, void, undefined> {
    const chunk = (...given: Parameters<typeof choice>): object => ({
      ...head,
      choices: [choice(...given)],
      ...(withUsage && { usage: null }),
    });
    let pieces: Pieces<Part> | undefined;
    for await (const { index, part, result } of events) {
      if (!pieces) {
        pieces = form.pieces(index);
        if (pieces.first) yield chunk(index, pieces.first);
      }
      const own = part && pieces.next(part);
      if (own) yield chunk(index, own);
      if (!result) continue;
      results.push(result);
      yield chunk(index, pieces.last, result);
      pieces = undefined;
    }
    if (withUsage) yield { ...head, choices: [], usage: usageOf(results, n) };
  }

  if (stream) return eventStream(chunks(), stop);
  for await (const { result } of events) if (result) results.push(result);
  const choices = results.map((result, index) => choice(index, form.whole(result, index), result));
  return jsonResponse({ ...head, choices, usage: usageOf(results, n) });
}

const finishOf = ({ finishReason }: Answer): string =>
  ({ stop: 'stop', length: 'length', 'tool-calls': 'tool_calls', aborted: 'stop' })[finishReason];
