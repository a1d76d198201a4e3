/** What an answer cost, of chat as of completions. */
export interface Cost {
  readonly usage: {
    readonly promptTokens: number;
    readonly cachedTokens: number;
    readonly generatedTokens: number;
    readonly reasoningTokens?: number;
  };
}

const sum = (costs: readonly Cost[], of: keyof Cost['usage']): number =>
  costs.reduce((total, { usage }) => total + (usage[of] ?? 0), 0);

/** What a request cost: every prompt counts once, however many answers it has. @param n answers to each prompt, in a row */
export function usageOf(answers: readonly Cost[], n: number): object {
  const prompts = answers.filter((_, i) => i % n === 0);
  const promptTokens = sum(prompts, 'promptTokens');
  const completionTokens = sum(answers, 'generatedTokens');
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: sum(prompts, 'cachedTokens') },
    completion_tokens_details: { reasoning_tokens: sum(answers, 'reasoningTokens') },
  };
}
