import { applyChatTemplate } from '../../chat/apply-chat-template.ts';
import { GptletError } from '../../errors/gptlet-error.ts';
import type { GptModel } from '../../loaded-model/gpt-model.ts';
import type { Message } from '../../loaded-model/message.ts';
import type { TrainingItem } from '../training-job.ts';

/**
 * A conversation as the model's chat template writes it, of which the assistant's words are learnt, with what ends them. They are found by
 * writing it up to each answer, and up to its end: where a template writes an answer in another way once more has been said (without its
 * thinking, say), that answer is read and not learnt.
 *
 * @throws GptletError INVALID_OPTION where nothing could be learnt; what templates throw
 */
export async function messagesItem(
  model: GptModel,
  messages: readonly Message[],
  most: number,
  name: string,
): Promise<{ readonly item: TrainingItem; readonly isCut: boolean }> {
  const write = async (upTo: number, addGenerationPrompt: boolean): Promise<Uint32Array> =>
    (await applyChatTemplate(model, messages.slice(0, upTo), { addGenerationPrompt })).tokenIds;
  const whole = await write(messages.length, false);
  const targets = new Int32Array(whole.length).fill(-1);
  for (const [m, { role }] of messages.entries()) {
    if (role !== 'assistant' || m === 0) continue;
    const [asked, answered] = [await write(m, true), await write(m + 1, false)];
    if (!begins(whole, asked) || !begins(whole, answered)) continue;
    for (let t = asked.length - 1; t < answered.length - 1; t++) targets[t] = whole[t + 1];
  }
  if (targets.every((target) => target < 0))
    throw new GptletError(
      'INVALID_OPTION',
      `${name} has no answer of the assistant's that can be told apart in what the chat template writes; give messages that end with one, or { prompt, completion }.`,
    );
  // The end is what is learnt; what stood first gives way.
  const from = Math.max(0, whole.length - most);
  return {
    item: { sequences: [{ tokenIds: whole.slice(from), targets: targets.slice(from) }] },
    isCut: from > 0,
  };
}

const begins = (whole: Uint32Array, start: Uint32Array): boolean =>
  start.length > 0 && start.length <= whole.length && start.every((id, i) => id === whole[i]);
