import type { LanguageModelV4StreamPart, LanguageModelV4Usage, SharedV4Warning } from '@ai-sdk/provider';
import { GptletError } from '../errors/gptlet-error.ts';
import type { Chatting } from '../loaded-model/chatting.ts';
import { endOf, toolCallOf } from './answer.ts';

interface AnswerStreamOptions {
  readonly modelId: string;
  readonly warnings: SharedV4Warning[];
  readonly signal: AbortSignal | undefined;
  readonly includeRawChunks: boolean | undefined;
  /** Hears of an error that ended the answer, before the stream tells it. */
  readonly onError: (error: unknown) => void;
}

/** An answer as the parts that `ai` streams. An abort breaks the stream off with the signal's reason; so does cancelling it, silently. */
export function answerStream(
  chatting: Chatting,
  options: AnswerStreamOptions,
): ReadableStream<LanguageModelV4StreamPart> {
  const parts = answerParts(chatting, options);
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await parts.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    // The generator may be waiting for a part, and would hear of its own end with the next one only.
    cancel: () => chatting.textStream().cancel(),
  });
}

async function* answerParts(
  chatting: Chatting,
  { modelId, warnings, signal, includeRawChunks, onError }: AnswerStreamOptions,
): AsyncGenerator<LanguageModelV4StreamPart, void, undefined> {
  yield { type: 'stream-start', warnings };
  yield { type: 'response-metadata', modelId, timestamp: new Date() };
  /** The block that is being written. */
  let open: { readonly kind: 'text' | 'reasoning'; readonly id: string } | undefined;
  let blocks = 0;
  try {
    for await (const part of chatting) {
      if (includeRawChunks) yield { type: 'raw', rawValue: part };
      const kind = part.text ? 'text' : part.reasoning ? 'reasoning' : undefined;
      if (open && (part.toolCall || (kind && kind !== open.kind))) {
        yield { type: `${open.kind}-end`, id: open.id };
        open = undefined;
      }
      if (kind) {
        if (!open) {
          open = { kind, id: String(blocks++) };
          yield { type: `${kind}-start`, id: open.id };
        }
        yield { type: `${kind}-delta`, id: open.id, delta: part[kind] as string };
      }
      if (part.toolCall) {
        const call = toolCallOf(part.toolCall);
        const id = call.toolCallId;
        yield { type: 'tool-input-start', id, toolName: call.toolName };
        yield { type: 'tool-input-delta', id, delta: call.input };
        yield { type: 'tool-input-end', id };
        yield call;
      }
    }
    if (open) yield { type: `${open.kind}-end`, id: open.id };
    open = undefined;
    yield { type: 'finish', ...endOf(await chatting, signal) };
  } catch (error) {
    if (signal?.aborted) throw error;
    onError(error);
    if (open) yield { type: `${open.kind}-end`, id: open.id };
    yield { type: 'error', error };
    const raw = GptletError.isInstance(error) ? error.code : undefined;
    yield { type: 'finish', finishReason: { unified: 'error', raw }, usage: unknownUsage };
  }
}

const unknownUsage: LanguageModelV4Usage = {
  inputTokens: { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: undefined, text: undefined, reasoning: undefined },
};
