import { GptletChat } from './gptlet-chat.ts';
import { GptletClassify } from './gptlet-classify.ts';
import { GptletComplete } from './gptlet-complete.ts';

/**
 * Gives the elements their names, in the page or in a registry of one's own. A name that is taken stays as it is; on a server nothing
 * happens.
 */
export function defineElements(registry: CustomElementRegistry | undefined = globalThis.customElements): void {
  const elements = { 'gptlet-chat': GptletChat, 'gptlet-complete': GptletComplete, 'gptlet-classify': GptletClassify };
  for (const [name, element] of Object.entries(elements))
    if (registry && !registry.get(name)) registry.define(name, element);
}
