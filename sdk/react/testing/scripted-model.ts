import { later, type ScriptedChat, scriptedChat } from '../../chat/testing/scripted-chat.ts';
import type { ChatPart } from '../../loaded-model/chatting.ts';
import type { Message } from '../../loaded-model/message.ts';

/** What a {@link scriptedModel} answers: parts, or an error after some of them. */
export interface Script {
  readonly parts: readonly ChatPart[];
  /** What the answer adds to the conversation. @default what its parts come to */
  readonly messages?: readonly Message[];
  readonly error?: unknown;
}

/** A model that answers what it is told to, a part every 10 ms. */
export const scriptedModel = (...scripts: Script[]): ScriptedChat =>
  scriptedChat(
    async function* (_, turn) {
      const { parts, error } = scripts[turn - 1];
      for (const part of parts) {
        await later(10);
        yield part;
      }
      if (error !== undefined) throw error;
    },
    (_result, _parts, turn) => {
      const { messages } = scripts[turn - 1];
      return messages ? { messages } : {};
    },
  );
