/** What an element says, by name; the attribute `text-` and its name replaces a text. `{…}` stands for a value. */
export type Texts = Readonly<Record<string, string>>;

/** A text of an element, with its values filled in. */
export type Say = (name: string, values?: Readonly<Record<string, string>>) => string;

export const textAttributes = (texts: Texts): string[] => Object.keys(texts).map((name) => `text-${name}`);

/** Of every element. */
const sharedTexts: Texts = {
  start: 'Loading the model',
  loading: 'Loading the model: {loaded} of {total}',
  error: '{message}',
  retry: 'Try again',
};

export const chatTexts: Texts = {
  ...sharedTexts,
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
};

export const completeTexts: Texts = {
  ...sharedTexts,
  label: 'Text',
  accept: 'Accept',
  suggestion: 'Suggestion: {text} Press Tab to accept.',
};

export const classifyTexts: Texts = {
  ...sharedTexts,
  label: 'Text',
  scores: 'Labels',
  verdict: '{label}, {score}',
  unread: 'The text has no label yet.',
};
