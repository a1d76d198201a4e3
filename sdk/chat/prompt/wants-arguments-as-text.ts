import type { ChatFormat } from '../../model/chat-format.ts';
import { plain } from './choose-template.ts';
import { renderTemplate } from './render-template.ts';

const needle = 'needle';
/** By template: a chat asks in every turn. */
const known = new Map<string, boolean>();

/**
 * Whether a template joins the arguments of calls to texts (DeepSeek's), instead of writing their JSON itself: then the object leaves
 * no trace of its names.
 */
export async function wantsArgumentsAsText(template: string, { tokens }: ChatFormat): Promise<boolean> {
  if (template === plain) return false;
  const wants = known.get(template) ?? (await leavesNoTrace(template, tokens));
  known.set(template, wants);
  return wants;
}

async function leavesNoTrace(template: string, tokens: ChatFormat['tokens']): Promise<boolean> {
  const call = { id: 'abcdefghi', type: 'function', function: { name: 'f', arguments: { [needle]: 1 } } };
  const rendered = await renderTemplate(template, {
    ...tokens,
    messages: [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: '', tool_calls: [call] },
      { role: 'tool', content: 'b', tool_call_id: call.id, name: 'f' },
    ],
    tools: [
      { type: 'function', function: { name: 'f', description: '', parameters: { type: 'object', properties: {} } } },
    ],
    documents: null,
    add_generation_prompt: false,
  }).catch(() => '');
  return !rendered.includes(needle);
}
