import { GptletError } from '../../errors/gptlet-error.ts';
import type { GptModel } from '../../loaded-model/gpt-model.ts';
import { checkArgument } from '../../options/check-argument.ts';
import { array, fields, text } from '../../options/kinds.ts';
import type { Pacer } from '../pacer.ts';
import type { TaskExamples } from '../task-examples.ts';
import type { TrainingItem } from '../training-job.ts';
import { encodeText } from './encode-text.ts';
import { type Items, nextTokens } from './items.ts';

type TextExample = TaskExamples['text'];

/** @throws GptletError INVALID_OPTION that names the first example that is none */
export function checkTextExamples(examples: readonly TextExample[]): void {
  checkArgument('examples', examples, array);
  if (examples.length === 0)
    throw new GptletError('INVALID_OPTION', 'There are no examples; give texts, or prompts with completions.');
  for (const [i, row] of examples.entries()) {
    const name = `examples[${i}]`;
    checkArgument(name, row, fields({}));
    if ('messages' in row) {
      checkArgument(`${name}.messages`, row.messages, array);
      continue;
    }
    const isPair = 'prompt' in row || 'completion' in row;
    checkArgument(name, row, fields(isPair ? { prompt: text, completion: text } : { text }));
    const learnt = 'completion' in row ? row.completion : row.text;
    if (learnt === '')
      throw new GptletError(
        'INVALID_OPTION',
        `${name} has an empty ${isPair ? 'completion' : 'text'}; fill it or leave the row out.`,
      );
  }
}

/**
 * Texts as a job has them. A long one is learnt in pieces of at most `most` tokens, all of it; of a prompt with a completion only the latter
 * is learnt, and the prompt gives way where both do not fit. The token that ends a text is learnt at the end of each.
 *
 * @throws GptletError INVALID_OPTION, and what a chat template throws
 */
export async function textItems(
  examples: readonly TextExample[],
  { model, most }: { readonly model: GptModel; readonly most: number },
  pacer: Pacer,
): Promise<Items> {
  const items: TrainingItem[] = [];
  const cut: number[] = [];
  for (const [i, row] of examples.entries()) {
    if ('messages' in row) {
      const { messagesItem } = await import('./messages-item.ts');
      const { item, isCut } = await messagesItem(model, row.messages, most, `examples[${i}]`);
      items.push(item);
      if (isCut) cut.push(i);
    } else if ('completion' in row) {
      const { item, isCut } = completionItem(model, row.prompt, row.completion, most);
      items.push(item);
      if (isCut) cut.push(i);
    } else {
      const tokenIds = await encodeText(row.text, model.tokenizer, pacer);
      items.push(...pieces(withEnds(model, tokenIds), most));
    }
    if (pacer.isDue) await pacer.rest();
  }
  return { items, cut };
}

function withEnds({ tokenizer, config }: Pick<GptModel, 'tokenizer' | 'config'>, tokenIds: Uint32Array): Uint32Array {
  const { before } = tokenizer.template;
  const end = config.eosTokenIds.slice(0, 1);
  const whole = new Uint32Array(before.length + tokenIds.length + end.length);
  whole.set(before);
  whole.set(tokenIds, before.length);
  whole.set(end, before.length + tokenIds.length);
  return whole;
}

/** Each token but the first is predicted once, the first of a piece by the last of the one before. */
export function pieces(tokenIds: Uint32Array, most: number): TrainingItem[] {
  const targets = nextTokens(tokenIds);
  const count = Math.max(1, Math.ceil((tokenIds.length - 1) / most));
  // A last piece of one token predicts nothing.
  return Array.from({ length: count }, (_, p) => ({
    sequences: [
      { tokenIds: tokenIds.slice(p * most, (p + 1) * most), targets: targets.slice(p * most, (p + 1) * most) },
    ],
  }));
}

function completionItem(
  { tokenizer, config }: GptModel,
  prompt: string,
  completion: string,
  most: number,
): { readonly item: TrainingItem; readonly isCut: boolean } {
  const { before } = tokenizer.template;
  const bare = { addSpecial: false };
  const asked = tokenizer.encode(prompt, bare);
  const answer = Uint32Array.from([
    ...tokenizer.encode(completion, { ...bare, continues: true }),
    ...config.eosTokenIds.slice(0, 1),
  ]);
  // At least one token has to stand before the first that is learnt.
  const learnt = answer.subarray(0, most - before.length);
  const room = Math.max(0, most - before.length - learnt.length);
  const kept = asked.subarray(Math.max(0, asked.length - room));
  const tokenIds = Uint32Array.from([...before, ...kept, ...learnt]);
  const targets = nextTokens(tokenIds).fill(-1, 0, Math.max(0, tokenIds.length - learnt.length - 1));
  return {
    item: { sequences: [{ tokenIds, targets }] },
    isCut: kept.length < asked.length || learnt.length < answer.length,
  };
}
