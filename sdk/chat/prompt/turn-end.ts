import type { GptModel } from '../../loaded-model/gpt-model.ts';
import { plain } from './choose-template.ts';
import { renderTemplate } from './render-template.ts';

const known = new WeakMap<object, Map<string, readonly number[]>>();
const marker = 'Ω';

/**
 * Ids of the special token that the template puts after an answer, if it does: some checkpoints do not name it among their ends.
 */
export async function turnEnds(
  model: Pick<GptModel, 'tokenizer' | 'chatFormat'>,
  template: string,
): Promise<readonly number[]> {
  if (template === plain) return [];
  const ends = known.get(model) ?? new Map<string, readonly number[]>();
  known.set(model, ends);
  const found = ends.get(template) ?? (await findEnds(model, template));
  ends.set(template, found);
  return found;
}

async function findEnds(
  { tokenizer, chatFormat }: Pick<GptModel, 'tokenizer' | 'chatFormat'>,
  template: string,
): Promise<readonly number[]> {
  const messages = [
    { role: 'user', content: 'a' },
    { role: 'assistant', content: marker },
  ];
  const rendered = await renderTemplate(template, {
    ...chatFormat.tokens,
    messages,
    tools: null,
    documents: null,
    add_generation_prompt: false,
  }).catch(() => '');
  const after = rendered.slice(rendered.lastIndexOf(marker) + marker.length).trimStart();
  const ends = [...tokenizer.specialTokens].filter(([text]) => rendered.includes(marker) && after.startsWith(text));
  // The longest, where one begins with another.
  return ends
    .sort(([a], [b]) => b.length - a.length)
    .slice(0, 1)
    .map(([, id]) => id);
}
