// gptlet/elements: <gptlet-chat>, <gptlet-complete> and <gptlet-classify>, which importing this defines.
import { defineElements } from './elements/define-elements.ts';
import type { GptletChat } from './elements/gptlet-chat.ts';
import type { GptletClassify } from './elements/gptlet-classify.ts';
import type { GptletComplete } from './elements/gptlet-complete.ts';
import type { LabelScore } from './loaded-model/classifier-tasks.ts';
import type { Message } from './loaded-model/message.ts';
import type { LoadProgress } from './loading/load-options.ts';

export { defineElements } from './elements/define-elements.ts';
export type { ElementLoadOptions } from './elements/element-model.ts';
export { GptletChat } from './elements/gptlet-chat.ts';
export { type ClassifyingModel, GptletClassify } from './elements/gptlet-classify.ts';
export { GptletComplete } from './elements/gptlet-complete.ts';
export type { RenderMarkdown } from './elements/message-item.ts';
export type { CompletingModel } from './elements/suggester.ts';

declare global {
  interface HTMLElementTagNameMap {
    'gptlet-chat': GptletChat;
    'gptlet-complete': GptletComplete;
    'gptlet-classify': GptletClassify;
  }

  interface HTMLElementEventMap {
    'gptlet-message': CustomEvent<{ readonly message: Message }>;
    'gptlet-error': CustomEvent<{ readonly error: unknown }>;
    'gptlet-progress': CustomEvent<LoadProgress>;
    'gptlet-suggestion': CustomEvent<{ readonly text: string }>;
    'gptlet-accept': CustomEvent<{ readonly text: string }>;
    'gptlet-scores': CustomEvent<{ readonly scores: readonly LabelScore[] }>;
  }
}

defineElements();
