import { GptletError } from '../api/errors.ts';
import { groupSequences } from '../backends/group-sequences.ts';
import type { ClassifierTasks, ClassifyOptions, LabelScore } from '../generation/classifier-tasks.ts';
import type { GptModel } from '../generation/gpt-model.ts';
import type { HeadConfig } from '../model/config.ts';
import { formatInput, resolveInputFormat } from './input-format.ts';
import { scoreLabels, softmax } from './label-scores.ts';

/** A model with a fine-tuned head, and GPT's four input transformations over it. */
export interface Classifier extends ClassifierTasks, AsyncDisposable {
  readonly model: GptModel;
  readonly labels: readonly string[];
  /** Many texts as batches without padding: the same scores as one by one, in the same order, faster for short texts. */
  classifyBatch(
    texts: readonly string[],
    options?: ClassifyOptions & { onProgress?: (progress: { done: number; total: number }) => void },
  ): Promise<LabelScore[][]>;
  /** Logits of token ids as they are, one per label. */
  classifyIds(tokenIds: Uint32Array | readonly number[], options?: { signal?: AbortSignal }): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** Tokens of a batch that go to the model at once; between two, progress is told and other calls get their turn. */
const tokensAtOnce = 1024;

/** Puts the four tasks over a loaded model. @throws GptletError UNSUPPORTED_MODEL without a head */
export function createClassifier(model: GptModel): Classifier {
  const head = requireHead(model);
  const named = head.inputFormat;
  const temperature = named?.temperature ?? 1;
  /** One sequence of token ids for each tuple of texts. */
  const sequencesOf = (tuples: readonly (readonly string[])[], { truncation }: ClassifyOptions): Uint32Array[] => {
    const format = resolveInputFormat({ ...named, ...(truncation ? { truncation } : {}) }, model.tokenizer);
    return tuples.map((texts) => formatInput(texts, format, model.tokenizer, model.config));
  };
  const labelled = (logits: Float32Array, { topK = head.labels.length }: ClassifyOptions): LabelScore[] =>
    scoreLabels(logits, head, temperature).slice(0, checkTopK(topK));
  const label = async (texts: readonly string[], options: ClassifyOptions): Promise<LabelScore[]> => {
    requireSequenceHead(head);
    const [tokenIds] = sequencesOf([texts], options);
    return labelled(await model.classifyIds(tokenIds, { signal: options.signal }), options);
  };

  return {
    model,
    labels: head.labels,
    classify: (text, options = {}) => label([text], options),
    entail: ({ premise, hypothesis }, options = {}) => label([premise, hypothesis], options),
    similarity: async ({ a, b }, options = {}) => {
      requireSequenceHead(head);
      const orders = [
        [a, b],
        [b, a],
      ];
      // The head is linear and, in all three families, without a bias: adding logits is adding hidden states.
      const [forth, back] = await model.classifyIdsBatch(sequencesOf(orders, options), { signal: options.signal });
      return labelled(
        forth.map((logit, i) => logit + back[i]),
        options,
      );
    },
    choose: async ({ context, question, answers }, options = {}) => {
      if (answers.length === 0)
        throw new GptletError('INVALID_OPTION', 'There are no answers to choose from; give at least one.');
      if (head.kind === 'token-classification') throw wrongHead(head);
      const before = question === undefined ? context : `${context} ${question}`;
      const sequences = sequencesOf(
        answers.map((answer) => [before, answer]),
        options,
      );
      const logits = await model.classifyIdsBatch(sequences, { signal: options.signal });
      return softmax(
        logits.map((values) => values[values.length - 1]),
        temperature,
      )
        .map((score, index) => ({ index, score }))
        .sort((x, y) => y.score - x.score);
    },
    classifyBatch: async (texts, { onProgress, ...options } = {}) => {
      requireSequenceHead(head);
      const sequences = sequencesOf(
        texts.map((text) => [text]),
        options,
      );
      const results: LabelScore[][] = [];
      for (const group of groupSequences(sequences, tokensAtOnce)) {
        const logits = await model.classifyIdsBatch(group, { signal: options.signal });
        results.push(...logits.map((values) => labelled(values, options)));
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

function requireSequenceHead(head: HeadConfig): void {
  if (head.kind !== 'sequence-classification') throw wrongHead(head);
}

function wrongHead({ kind, labels }: HeadConfig): GptletError {
  const serves = kind === 'multiple-choice' ? 'choose()' : 'classifyIds(), which labels the last token';
  return new GptletError(
    'UNSUPPORTED_MODEL',
    `This checkpoint has a ${kind} head (labels: ${labels.join(', ')}), which serves ${serves}; labels for whole texts need one of the kind …ForSequenceClassification.`,
  );
}

function checkTopK(topK: number): number {
  if (Number.isInteger(topK) && topK >= 1) return topK;
  throw new GptletError('INVALID_OPTION', `The option 'topK' is ${topK}; it must be a whole number of at least 1.`);
}
