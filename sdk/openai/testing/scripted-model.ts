import { later, type ScriptedChat, scriptedChat } from '../../chat/testing/scripted-chat.ts';
import type { ChatOptions } from '../../loaded-model/chat-options.ts';
import type { ChatPart, ChatResult } from '../../loaded-model/chatting.ts';
import type { GenerateOptions } from '../../loaded-model/generate-options.ts';
import type { GenerationPart, GenerationResult, TokenLogprob } from '../../loaded-model/generation.ts';
import type { GptModel, Prompt } from '../../loaded-model/gpt-model.ts';
import type { Message } from '../../loaded-model/message.ts';
import { createStreamedRun } from '../../loaded-model/streamed-run.ts';

/** What a scripted model says, part by part; `wait` comes between the parts. */
export interface Script {
  readonly parts?: readonly ChatPart[];
  readonly result?: Partial<ChatResult>;
  readonly error?: unknown;
  readonly wait?: () => Promise<void>;
}

/** Usage is made up: 7 tokens of prompt, 3 of them cached, and a token a part. */
export function scriptedModel(script: (messages: readonly Message[], options: ChatOptions) => Script): ScriptedChat {
  const scripts: Script[] = [];
  return scriptedChat(
    async function* ({ messages, options }, turn, signal) {
      const {
        parts = [{ text: 'Hel' }, { text: 'lo!' }],
        error,
        wait = later,
      } = (scripts[turn] = script(messages, options));
      for (const part of parts) {
        yield part;
        await wait();
      }
      if (error !== undefined && !signal.aborted) throw error;
    },
    (_, parts, turn) => {
      const logprobs = parts.flatMap((part) => part.logprobs ?? []);
      return {
        usage: {
          promptTokens: 7,
          cachedTokens: 3,
          generatedTokens: parts.length,
          reasoningTokens: parts.filter((part) => part.reasoning).length,
          forcedTokens: 0,
        },
        timings: { prefillMs: 1, decodeMs: 1, tokensPerSecond: 1 },
        ...(logprobs.length > 0 && { logprobs }),
        ...scripts[turn].result,
      };
    },
  );
}

/** A scripted model that also goes on with texts, in words of one token each, and has numbers for them. */
export type ScriptedTextModel = ScriptedChat &
  Pick<GptModel, 'generate' | 'score' | 'embed'> & {
    readonly tokenizer: Pick<GptModel['tokenizer'], 'count' | 'decode'>;
    readonly generated: { readonly prompt: Prompt; readonly options: GenerateOptions }[];
  };

export function scriptedTextModel(words: readonly string[] = [' there', ' was', ' a']): ScriptedTextModel {
  const generated: { prompt: Prompt; options: GenerateOptions }[] = [];
  return {
    ...scriptedModel(() => ({})),
    generated,
    generate(prompt, options = {}) {
      generated.push({ prompt, options });
      return createStreamedRun<GenerationPart, GenerationResult>(
        () => ({
          signal: options.signal,
          run: async (onPart, signal) => {
            const said: GenerationPart[] = [];
            for (const [i, text] of words.slice(0, options.maxNewTokens).entries()) {
              if (signal.aborted) break;
              const part = { text, tokenIds: [i], ...(options.logprobs != null && { logprobs: [logprobOf(text, i)] }) };
              said.push(part);
              onPart(part);
              await later();
            }
            return generationOf(said, prompt.length, signal.aborted ? 'aborted' : 'length');
          },
        }),
        () => generationOf([], 0, 'aborted'),
      );
    },
    // The first token has no score, as with a model without a begin-of-text token.
    async score(input) {
      const tokens = wordsOf(String(input))
        .slice(1)
        .map((text, i) => ({ tokenId: i, text, logprob: -1 - i }));
      return { logprob: 0, tokens, perplexity: 1, bitsPerByte: 0 };
    },
    async embed(text) {
      return Float32Array.of(text.length, 0.5, -0.25);
    },
    tokenizer: {
      count: (text) => wordsOf(text).length,
      decode: (tokenIds) => Array.from(tokenIds, (id) => `#${id}`).join(' '),
    },
  };
}

const wordsOf = (text: string): string[] => text.match(/ ?[^ ]+/g) ?? [];

const logprobOf = (text: string, i: number): TokenLogprob => ({
  tokenId: i,
  text,
  logprob: -0.5 - i,
  top: [{ tokenId: 99, text: ' the', logprob: -0.25 }],
});

const generationOf = (
  parts: readonly GenerationPart[],
  promptTokens: number,
  finishReason: GenerationResult['finishReason'],
): GenerationResult => {
  const logprobs = parts.flatMap((part) => part.logprobs ?? []);
  return {
    text: parts.map(({ text }) => text).join(''),
    tokenIds: parts.flatMap(({ tokenIds }) => tokenIds),
    finishReason,
    usage: { promptTokens, cachedTokens: 0, generatedTokens: parts.length },
    timings: { prefillMs: 1, decodeMs: 1, tokensPerSecond: 1 },
    ...(logprobs.length > 0 && { logprobs }),
  };
};
