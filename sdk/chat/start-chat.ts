import type { StartChat } from '../loaded-model/loaded-model.ts';
import { createStreamedRun } from '../loaded-model/streamed-run.ts';
import { checkArgument } from '../options/check-argument.ts';
import { abortSignal, object, optional } from '../options/kinds.ts';
import { nothingSaid } from './nothing-said.ts';

/** Chats with a model; what it takes is loaded with the first answer. */
export const startChat: StartChat = (model, messages, options) =>
  createStreamedRun(() => {
    // All else is checked by the code that is loaded.
    checkArgument('options', options, object);
    checkArgument('signal', options.signal, optional(abortSignal));
    return {
      signal: options.signal ?? undefined,
      run: async (onPart, signal) => (await import('./run-chat.ts')).runChat(model, messages, options, onPart, signal),
    };
  }, nothingSaid);
