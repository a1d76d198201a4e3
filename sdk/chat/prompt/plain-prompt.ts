import type { TemplateMessage } from './template-messages.ts';

const names: Readonly<Record<string, string>> = { user: 'User', assistant: 'Assistant', tool: 'Tool' };

/** A conversation for a model that has no template: a system text, then roles at the beginnings of paragraphs. */
export function plainPrompt(messages: readonly TemplateMessage[], addGenerationPrompt: boolean): string {
  const turns = messages.map(({ role, content }) => (names[role] ? `${names[role]}: ${content}` : content));
  return [...turns, ...(addGenerationPrompt ? ['Assistant:'] : [])].join('\n\n');
}

/** What the model would go on with instead of ending its turn. */
export const plainStops: readonly string[] = ['\n\nUser:', '\n\nTool:', '\n\nAssistant:'];
