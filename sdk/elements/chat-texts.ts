import { loadTexts } from './load-line.ts';
import { problemTexts } from './problem-line.ts';

/** What `<gptlet-chat>` says. */
export const chatTexts = {
  label: 'Your message',
  placeholder: 'Write a message',
  log: 'Conversation',
  user: 'You:',
  assistant: 'Answer:',
  thinking: 'Thinking',
  tool: 'Used {name}',
  send: 'Send',
  stop: 'Stop',
  stopped: 'Stopped before there was an answer.',
  regenerate: 'Answer again',
  copy: 'Copy',
  copied: 'Copied',
  end: 'To the newest message',
  ...loadTexts,
  ...problemTexts,
} as const;
