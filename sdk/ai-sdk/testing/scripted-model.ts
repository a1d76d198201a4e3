import { later, type ScriptedChat, scriptedChat } from '../../chat/testing/scripted-chat.ts';
import type { ChatPart, ChatResult } from '../../loaded-model/chatting.ts';

/** What one answer is: its parts in order, an error where it fails, 'wait' where it goes on only when it is aborted. */
export type Script = readonly (ChatPart | Error | 'wait')[];

/** A model that says what it is told to: each call takes the next script. */
export interface ScriptedModel extends ScriptedChat {
  /** How many calls were aborted. */
  aborted: number;
}

/** @param result what results have beside what follows from the parts */
export function scriptedModel(scripts: readonly Script[], result: Partial<ChatResult> = {}): ScriptedModel {
  const chat = scriptedChat(
    async function* (_, turn, signal) {
      signal.addEventListener('abort', () => model.aborted++);
      for (const part of scripts[turn - 1]) {
        await later();
        if (part instanceof Error) throw part;
        if (part !== 'wait') yield part;
        else if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
      }
    },
    () => result,
  );
  const model: ScriptedModel = { ...chat, aborted: 0 };
  return model;
}
