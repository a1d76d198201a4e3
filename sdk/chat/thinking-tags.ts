/** What stands around what a model thinks. */
export interface ThinkingTags {
  readonly begin: string;
  readonly end: string;
}

/** As Qwen3, DeepSeek, SmolLM3 and LFM2.5 have them; Mistral's differ. */
const known: readonly ThinkingTags[] = [
  { begin: '<think>', end: '</think>' },
  { begin: '[THINK]', end: '[/THINK]' },
];

/** The tags of a model that may think: its template or its vocabulary knows them. */
export const thinkingTags = (template: string, specialTokens: ReadonlyMap<string, number>): ThinkingTags | undefined =>
  known.find(({ begin, end }) => template.includes(begin) || template.includes(end) || specialTokens.has(begin));

/** Whether a prompt ends amid thoughts: the template has begun them. */
export const opensThinking = (prompt: string, { begin, end }: ThinkingTags): boolean =>
  prompt.lastIndexOf(begin) > prompt.lastIndexOf(end);
