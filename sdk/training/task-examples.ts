import type { Message } from '../loaded-model/message.ts';

/**
 * What each task learns from, one shape a task: the four input transformations of GPT (2018, section 3.3), whole texts with
 * several labels or a number, places in a text, and text alone. Rows may have more fields than these.
 */
export interface TaskExamples {
  /** One label a text. */
  readonly classification: { readonly text: string; readonly label: string };
  /** Any number of labels a text, also none. */
  readonly 'multi-label': { readonly text: string; readonly labels: readonly string[] };
  /** A number a text. */
  readonly regression: { readonly text: string; readonly value: number };
  /** How a premise and a hypothesis stand to each other. */
  readonly entailment: { readonly premise: string; readonly hypothesis: string; readonly label: string };
  /** How alike two texts are, neither of which comes first: a label, or a number. All rows have the same. */
  readonly similarity:
    | { readonly a: string; readonly b: string; readonly label: string }
    | { readonly a: string; readonly b: string; readonly value: number };
  /** Which of several answers fits; `answer` is its index. */
  readonly choice: {
    readonly context: string;
    readonly question?: string;
    readonly answers: readonly string[];
    readonly answer: number;
  };
  /**
   * Places in a text with a label each: names, products, dates. `start` and `end` are what `text.slice(start, end)` takes, as one has
   * them from a selection in a page and as annotation tools write them; the text stays as it is, so that it is read as it will be later.
   */
  readonly tokens: {
    readonly text: string;
    readonly spans: readonly { readonly start: number; readonly end: number; readonly label: string }[];
  };
  /**
   * What is learnt word by word, without a label: a text, or what is to follow a prompt, or the assistant's words in a conversation, as the
   * model's chat template writes it.
   */
  readonly text:
    | { readonly text: string }
    | { readonly prompt: string; readonly completion: string }
    | { readonly messages: readonly Message[] };
}

export type Task = keyof TaskExamples;

/** Tasks whose examples are whole texts, or pairs or answers, with what is to be said of them. */
export type LabelTask = Exclude<Task, 'tokens' | 'text'>;
