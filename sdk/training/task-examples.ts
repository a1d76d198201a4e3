/**
 * What each task learns from, one shape a task: the four input transformations of GPT (2018, section 3.3), and whole texts with
 * several labels or a number. Rows may have more fields than these.
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
}

export type Task = keyof TaskExamples;
