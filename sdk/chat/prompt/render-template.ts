import type { Template } from '@huggingface/jinja';
import { GptletError } from '../../errors/gptlet-error.ts';

const parsed = new Map<string, Template>();

/**
 * A Jinja template with its variables filled in, as the hub's library renders chat templates.
 *
 * @throws GptletError BAD_CHECKPOINT for a template that does not parse; INVALID_OPTION for a conversation that it refuses
 */
export async function renderTemplate(source: string, variables: Readonly<Record<string, unknown>>): Promise<string> {
  const { Template } = await import('@huggingface/jinja');
  let template = parsed.get(source);
  if (!template) {
    try {
      template = new Template(source);
    } catch (cause) {
      throw new GptletError(
        'BAD_CHECKPOINT',
        `The chat template does not parse (${(cause as Error).message.slice(0, 200)}). Give another as the option 'template'.`,
        { cause },
      );
    }
    parsed.set(source, template);
  }
  try {
    return template.render(variables);
  } catch (cause) {
    throw new GptletError(
      'INVALID_OPTION',
      `The chat template refuses these messages: ${(cause as Error).message.slice(0, 300)}`,
      { cause },
    );
  }
}
