import type { GenerationResult } from '../loaded-model/generation.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import { checkArgument } from '../options/check-argument.ts';
import { resolveOptions } from '../options/check-options.ts';
import { callback, fields } from '../options/kinds.ts';
import { answerQuestionOptions } from '../options/table.ts';
import { fitShots } from './fit-shots.ts';

export interface AnswerQuestionOptions {
  /** What the question is about. Without one it is a question about the world. @default none */
  document?: string;
  question: string;
  /** Questions about the document with their answers so far: a conversation, or examples of how to answer. */
  history?: readonly { readonly question: string; readonly answer: string }[];
  /** @default 32 */
  maxNewTokens?: number;
  signal?: AbortSignal;
}

export interface Answer {
  readonly answer: string;
  /** Turns of the history that fitted the context: the last ones. */
  readonly turns: number;
  readonly result: GenerationResult;
}

/**
 * Reading comprehension as the GPT-2 paper does it (section 3.5): the document, the conversation so far as `Q:` and `A:`
 * lines, the question, `A:`, greedy decoding to the end of the line.
 *
 * @throws GptletError INVALID_OPTION for an option unknown or of another type; CONTEXT_OVERFLOW when document and question do not fit
 * @example
 * const { answer } = await answerQuestion(model, { document: 'Tom has a red ball.', question: 'What does Tom have?' });
 */
export async function answerQuestion(model: GptModel, options: AnswerQuestionOptions): Promise<Answer> {
  checkArgument('model', model, fields({ generate: callback }));
  const { document, question, history, maxNewTokens, signal } = resolveOptions(answerQuestionOptions(), options);
  const fitted = fitShots(
    model,
    {
      head: document === undefined ? '' : `${document.trim()}\n\n`,
      shots: history.map((turn) => `Q: ${turn.question}\nA: ${turn.answer}\n`),
      last: `Q: ${question}\nA:`,
    },
    maxNewTokens,
  );
  const result = await model.generate(fitted.prompt, { temperature: 0, maxNewTokens, stop: ['\n'], signal });
  return { answer: result.text.trim(), turns: fitted.shots, result };
}
