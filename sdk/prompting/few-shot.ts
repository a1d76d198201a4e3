import { checkArgument } from '../options/check-argument.ts';
import { resolveOptions } from '../options/check-options.ts';
import { fields, object } from '../options/kinds.ts';
import { fewShotOptions } from '../options/table.ts';
import { type FittedPrompt, fitShots, type PromptTarget } from './fit-shots.ts';

/** One solved example. */
export interface Shot {
  readonly input: string;
  readonly output: string;
}

export interface FewShotOptions {
  /** What the task is, before all examples. */
  instruction?: string;
  examples: readonly Shot[];
  query: string;
  /** Before each input and output. @default { input: 'Input: ', output: 'Output:' } */
  prefixes?: { readonly input: string; readonly output: string };
  /**
   * Let outputs take turns, so that none is told last more than another and what is left out for want of room is
   * left out of all, but for one: models favour the outputs that they saw often and late. @default false: the order given
   */
  balance?: boolean;
  /** Tokens to leave free for the answer. @default 32 */
  reserveTokens?: number;
}

/** A K-shot prompt, ready to be continued. */
export interface FewShotPrompt extends FittedPrompt {
  /** A text that ends the answer. */
  readonly stop: string;
}

/**
 * Builds the K-shot prompt of GPT-3: instruction, examples, query. What does not fit the context is left
 * out, oldest examples first. Everything before the query is the same for every query, so the KV cache keeps it.
 *
 * @throws GptletError INVALID_OPTION for an option unknown or of another type; CONTEXT_OVERFLOW when the query alone does not fit
 * @example
 * const { prompt, stop } = fewShot(model, {
 *   examples: [{ input: 'cat', output: 'animal' }, { input: 'rose', output: 'plant' }],
 *   query: 'oak',
 * });
 * const { text, usage } = await model.generate(prompt, { stop: [stop], temperature: 0 });
 */
export function fewShot(model: PromptTarget, options: FewShotOptions): FewShotPrompt {
  checkArgument('model', model, fields({ tokenizer: object, config: object }));
  const { instruction, examples, query, prefixes, balance, reserveTokens } = resolveOptions(fewShotOptions(), options);
  const shots = (balance ? inTurns(examples) : examples).map(
    ({ input, output }) => `${prefixes.input}${input}\n${prefixes.output} ${output}\n\n`,
  );
  const head = instruction === undefined ? '' : `${instruction}\n\n`;
  const last = `${prefixes.input}${query}\n${prefixes.output}`;
  return { ...fitShots(model, { head, shots, last }, reserveTokens), stop: '\n' };
}

/** The last of each output at the end, the ones before them before, and so on. */
function inTurns(examples: readonly Shot[]): Shot[] {
  const byOutput = new Map<string, Shot[]>();
  for (const example of examples) byOutput.set(example.output, [...(byOutput.get(example.output) ?? []), example]);
  const columns = [...byOutput.values()];
  const rounds = Math.max(0, ...columns.map(({ length }) => length));
  return Array.from({ length: rounds }, (_, round) =>
    // A negative index is a round that this output has no example for.
    columns.flatMap((column) => column[column.length - rounds + round] ?? []),
  ).flat();
}
