import { GptletError } from '../../errors/gptlet-error.ts';
import { show } from '../../errors/show.ts';
import type { ChatFormat } from '../../model/chat-format.ts';

/** Says that there is no template: roles at the beginnings of lines, for models that were never told of conversations. */
export const plain = 'plain';

/**
 * The Jinja template of a conversation, or {@link plain}.
 *
 * @param asked the option `template`
 * @throws GptletError UNSUPPORTED_MODEL for a checkpoint without one, INVALID_OPTION for a name that it does not have
 */
export function chooseTemplate({ templates }: ChatFormat, asked: string | undefined, withTools: boolean): string {
  const names = Object.keys(templates);
  if (asked !== undefined) {
    if (Object.hasOwn(templates, asked)) return templates[asked];
    if (asked === plain || /\{[{%]/.test(asked)) return asked;
    throw new GptletError(
      'INVALID_OPTION',
      `template is ${show(asked)}; it must be 'plain', a Jinja template${names.length > 0 ? `, or one of the checkpoint's: ${show(names)}` : ''}.`,
    );
  }
  const chosen = (withTools ? templates.tool_use : undefined) ?? templates.default ?? templates[names[0]];
  if (chosen !== undefined) return chosen;
  throw new GptletError(
    'UNSUPPORTED_MODEL',
    "This checkpoint has no chat template, so it was hardly made for conversations. Give a Jinja template as the option 'template', or 'plain' for roles at the beginnings of lines.",
  );
}
