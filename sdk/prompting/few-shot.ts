import { GptletError } from '../api/errors.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

export interface FewShotOptions {
  /** What the task is, before all examples. */
  instruction?: string;
  examples: readonly { readonly input: string; readonly output: string }[];
  query: string;
  /** Before each input and output. @default { input: 'Input: ', output: 'Output:' } */
  prefixes?: { readonly input: string; readonly output: string };
  /** Tokens to leave free for the answer. @default 32 */
  reserveTokens?: number;
}

/** A K-shot prompt, ready to be continued. */
export interface FewShotPrompt {
  readonly prompt: string;
  /** Examples that fitted: the newest ones. */
  readonly shots: number;
  readonly tokens: number;
  /** A text that ends the answer. */
  readonly stop: string;
}

/**
 * Builds the K-shot prompt of GPT-3: instruction, examples, query. What does not fit the context is left
 * out, oldest examples first. Everything before the query is the same for every query, so the KV cache keeps it.
 *
 * @throws GptletError CONTEXT_OVERFLOW when the query alone does not fit
 */
export function fewShot(
  model: { tokenizer: Tokenizer; config: { nCtx: number } },
  options: FewShotOptions,
): FewShotPrompt {
  const {
    instruction,
    examples,
    query,
    prefixes = { input: 'Input: ', output: 'Output:' },
    reserveTokens = 32,
  } = options;
  const head = instruction === undefined ? '' : `${instruction}\n\n`;
  const shots = examples.map(({ input, output }) => `${prefixes.input}${input}\n${prefixes.output} ${output}\n\n`);
  const last = `${prefixes.input}${query}\n${prefixes.output}`;
  const room = model.config.nCtx - reserveTokens;
  for (let first = 0; first <= shots.length; first++) {
    const prompt = head + shots.slice(first).join('') + last;
    const tokens = model.tokenizer.count(prompt);
    if (tokens <= room) return { prompt, shots: shots.length - first, tokens, stop: '\n' };
  }
  throw new GptletError(
    'CONTEXT_OVERFLOW',
    `The instruction and the query need ${model.tokenizer.count(head + last)} tokens, but only ${room} of the context's ${model.config.nCtx} are free when ${reserveTokens} are kept for the answer.`,
  );
}
