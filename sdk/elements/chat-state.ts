import type { Conversation } from './conversation.ts';
import type { RenderMarkdown } from './message-item.ts';
import type { Say } from './say.ts';

/** All that decides what a conversation looks like. */
export interface ChatState {
  readonly conversation: Conversation;
  readonly isDisabled: boolean;
  readonly label: string;
  readonly placeholder: string;
  readonly renderMarkdown: RenderMarkdown | undefined;
  readonly say: Say;
}

export interface ChatActions {
  readonly onSend: (text: string) => void;
  readonly onStop: () => void;
  readonly onAgain: () => void;
  readonly onCopy: (text: string) => Promise<void>;
}
