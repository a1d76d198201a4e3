import type { GptModel } from '../../loaded-model/gpt-model.ts';

/** A conversation as it went through the model: the prompt's text with the answer after it, and their ids. */
interface Remembered {
  readonly text: string;
  readonly tokenIds: Uint32Array;
}

const memories = new WeakMap<object, Remembered[]>();

/** Conversations that are remembered; the KV cache holds one, branches and other users take turns. */
const most = 8;

/**
 * Remembers the ids with which an answer was written. Its text, cut into tokens anew, often gives others, and then the next turn
 * would pay for the answer a second time.
 */
export function rememberAnswer(model: Pick<GptModel, 'tokenizer'>, text: string, tokenIds: Uint32Array): void {
  const memory = memories.get(model) ?? [];
  memories.set(model, [{ text, tokenIds }, ...memory.filter((other) => other.text !== text)].slice(0, most));
}

/**
 * The ids of a prompt that begins with a conversation that is remembered; undefined where none does.
 *
 * @param encode gives the ids of what follows
 */
export function rememberedIds(
  model: Pick<GptModel, 'tokenizer'>,
  prompt: string,
  encode: (rest: string) => Uint32Array,
): Uint32Array | undefined {
  const specials = [...model.tokenizer.specialTokens.keys()];
  let best: Remembered | undefined;
  for (const each of memories.get(model) ?? []) {
    if (each.text.length <= (best?.text.length ?? 0) || !prompt.startsWith(each.text)) continue;
    // Only a special token surely begins a token of its own.
    const rest = prompt.slice(each.text.length);
    if (rest === '' || specials.some((token) => rest.startsWith(token))) best = each;
  }
  if (!best) return undefined;
  return Uint32Array.from([...best.tokenIds, ...encode(prompt.slice(best.text.length))]);
}
