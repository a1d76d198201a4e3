import type { LanguageModelV4, LanguageModelV4CallOptions, SharedV4Warning } from '@ai-sdk/provider';
import type { Chatting } from '../loaded-model/chatting.ts';
import { abortable } from '../platform/abortable.ts';
import { contentOf, endOf } from './answer.ts';
import { answerStream } from './answer-stream.ts';
import { chatOptionsOf } from './chat-options-of.ts';
import { promptMessages } from './prompt-messages.ts';
import type { SharedModel } from './shared-model.ts';

/** A model's `chat` as `ai` calls it. Tools are run by `ai`, which asks again with their results. */
export function languageModel(model: SharedModel): LanguageModelV4 {
  const { modelId } = model;
  return {
    specificationVersion: 'v4',
    provider: 'gptlet',
    modelId,
    // No file can be read: then none needs to be downloaded before it is refused.
    supportedUrls: { '*/*': [/^/] },

    async doGenerate(call) {
      const timestamp = new Date();
      const { chatting, warnings } = await begin(model, call);
      try {
        const result = await chatting;
        return {
          content: contentOf(result),
          ...endOf(result, call.abortSignal),
          response: { modelId, timestamp },
          warnings,
        };
      } catch (error) {
        model.failed(error);
        throw error;
      }
    },

    async doStream(call) {
      const { chatting, warnings } = await begin(model, call);
      const { abortSignal: signal, includeRawChunks } = call;
      const onError = (error: unknown): void => model.failed(error);
      return { stream: answerStream(chatting, { modelId, warnings, signal, includeRawChunks, onError }) };
    },
  };
}

async function begin(
  model: SharedModel,
  call: LanguageModelV4CallOptions,
): Promise<{ chatting: Chatting; warnings: SharedV4Warning[] }> {
  const warnings: SharedV4Warning[] = [];
  const warn = (warning: SharedV4Warning): void => void warnings.push(warning);
  const messages = promptMessages(call.prompt, warn);
  // The load goes on for others that wait for it; only this caller leaves.
  const ready = await abortable(model.get(), call.abortSignal);
  return { chatting: ready.chat(messages, chatOptionsOf(call, ready, warn)), warnings };
}
