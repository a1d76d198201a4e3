import { GptletError } from '../api/errors.ts';
import type { ClassifierTasks, ClassifyOptions, LabelScore } from '../generation/classifier-tasks.ts';
import type { GptModel } from '../generation/gpt-model.ts';
import type { HeadConfig } from '../model/config.ts';
import { formatInput, resolveInputFormat } from './input-format.ts';
import { scoreLabels, softmax } from './label-scores.ts';

/** A model with a fine-tuned head, and GPT's four input transformations over it. */
export interface Classifier extends ClassifierTasks, AsyncDisposable {
  readonly model: GptModel;
  readonly labels: readonly string[];
  /** Many texts, one after the other. */
  classifyBatch(
    texts: readonly string[],
    options?: ClassifyOptions & { onProgress?: (progress: { done: number; total: number }) => void },
  ): Promise<LabelScore[][]>;
  /** Logits of token ids as they are, one per label. */
  classifyIds(tokenIds: Uint32Array | readonly number[], options?: { signal?: AbortSignal }): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** Puts the four tasks over a loaded model. @throws GptletError UNSUPPORTED_MODEL without a head */
export function createClassifier(model: GptModel): Classifier {
  const head = requireHead(model);
  const named = head.inputFormat;
  const temperature = named?.temperature ?? 1;
  const logitsOf = (texts: readonly string[], options: ClassifyOptions): Promise<Float32Array> => {
    const format = resolveInputFormat(
      { ...named, ...(options.truncation ? { truncation: options.truncation } : {}) },
      model.tokenizer,
    );
    return model.classifyIds(formatInput(texts, format, model.tokenizer, model.config), { signal: options.signal });
  };
  const labelled = (logits: Float32Array, { topK = head.labels.length }: ClassifyOptions): LabelScore[] =>
    scoreLabels(logits, head, temperature).slice(0, checkTopK(topK));

  const classify: Classifier['classify'] = async (text, options = {}) =>
    labelled(await logitsOf([text], options), options);
  return {
    model,
    labels: head.labels,
    classify,
    entail: async ({ premise, hypothesis }, options = {}) =>
      labelled(await logitsOf([premise, hypothesis], options), options),
    similarity: async ({ a, b }, options = {}) => {
      // The head is linear and, in all three families, without a bias: adding logits is adding hidden states.
      const forth = await logitsOf([a, b], options);
      const back = await logitsOf([b, a], options);
      return labelled(
        forth.map((logit, i) => logit + back[i]),
        options,
      );
    },
    choose: async ({ context, question, answers }, options = {}) => {
      if (answers.length === 0)
        throw new GptletError('INVALID_OPTION', 'There are no answers to choose from; give at least one.');
      const before = question === undefined ? context : `${context} ${question}`;
      const fits: number[] = [];
      for (const answer of answers) fits.push((await logitsOf([before, answer], options)).at(-1) as number);
      return softmax(fits, temperature)
        .map((score, index) => ({ index, score }))
        .sort((x, y) => y.score - x.score);
    },
    classifyBatch: async (texts, { onProgress, ...options } = {}) => {
      const results: LabelScore[][] = [];
      for (const text of texts) {
        results.push(await classify(text, options));
        onProgress?.({ done: results.length, total: texts.length });
      }
      return results;
    },
    classifyIds: (tokenIds, options) => model.classifyIds(tokenIds, options),
    dispose: () => model.dispose(),
    [Symbol.asyncDispose]: () => model.dispose(),
  };
}

function requireHead(model: GptModel): HeadConfig {
  if (model.config.head) return model.config.head;
  throw new GptletError(
    'UNSUPPORTED_MODEL',
    'This checkpoint has only a language-model head. Load one that was fine-tuned (…ForSequenceClassification), or use zeroShot from gptlet/prompting.',
  );
}

function checkTopK(topK: number): number {
  if (Number.isInteger(topK) && topK >= 1) return topK;
  throw new GptletError('INVALID_OPTION', `The option 'topK' is ${topK}; it must be a whole number of at least 1.`);
}
