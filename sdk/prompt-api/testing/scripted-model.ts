import { chatModelFiles } from '../../chat/testing/chat-model.ts';
import { type Asked, later, scriptedChat } from '../../chat/testing/scripted-chat.ts';
import type { ChatResult } from '../../loaded-model/chatting.ts';
import type { GptModel } from '../../loaded-model/gpt-model.ts';
import type { LoadedModel } from '../../loaded-model/loaded-model.ts';
import { loadModelHere } from '../../testing/load-model-here.ts';

export type { Asked } from '../../chat/testing/scripted-chat.ts';

/** Answers with pieces of text, or with a result of its own. It may wait: the signal fires when nobody wants the answer any more. */
export type Script = (asked: Asked, signal: AbortSignal) => Promise<readonly string[]> | readonly string[];

/** A model that says what a script says, with the tokenizer and the template of a real one: a token a byte, ChatML. */
export async function scriptedModel(
  script: Script,
  options: { readonly contextLength?: number; readonly finishReason?: ChatResult['finishReason'] } = {},
): Promise<{ model: GptModel; asked: Asked[] }> {
  const { contextLength = 1024, finishReason = 'stop' } = options;
  real ??= loadReal();
  const { tokenizer, chatFormat, generationDefaults } = await real;
  const { asked, chat } = scriptedChat(
    async function* (each, _, signal) {
      for (const text of await script(each, signal)) {
        yield { text };
        await later();
      }
    },
    () => ({ finishReason }),
  );
  const model = { tokenizer, chatFormat, generationDefaults, contextLength, chat, dispose: async () => {} };
  return { model: model as unknown as GptModel, asked };
}

/** Is asked for what it holds only. */
let real: Promise<LoadedModel> | undefined;

const loadReal = (): Promise<LoadedModel> =>
  loadModelHere(chatModelFiles(), {
    ...({ backend: 'wasm', dtype: 'f32', contextLength: undefined, threads: 1, cache: false, hub: undefined } as const),
  });

/** What the user said last. */
export const echo: Script = ({ messages }) => {
  const last = messages.map(({ role }) => role).lastIndexOf('user');
  return [`You said: `, `${messages[last]?.content}`];
};

/** Waits until it is aborted. */
export const never: Script = (_, signal) =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve([])));
