import { later, type ScriptedChat, scriptedChat } from '../../chat/testing/scripted-chat.ts';
import type { ChatPart } from '../../loaded-model/chatting.ts';
import type { Message } from '../../loaded-model/message.ts';

/** What a scripted model says to messages: parts, or an error in their place. */
export type Script = (messages: readonly Message[], turn: number) => Iterable<ChatPart | Error>;

/** A model that says what its script says, a part every `delay` milliseconds. */
export const scriptedModel = (script: Script, delay = 0): ScriptedChat =>
  scriptedChat(async function* ({ messages }, turn) {
    for (const part of script(messages, turn)) {
      await later(delay);
      if (part instanceof Error) throw part;
      yield part;
    }
  });

/** A text as parts of a word each. */
export const words = (text: string): ChatPart[] => (text.match(/\s*\S+/g) ?? []).map((word) => ({ text: word }));
