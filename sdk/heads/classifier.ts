import { GptletError } from '../errors/gptlet-error.ts';
import type { CallOptions } from '../loaded-model/call-options.ts';
import type { ClassifierTasks, ClassifyOptions, LabelScore } from '../loaded-model/classifier-tasks.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import { softmax } from '../loaded-model/softmax.ts';
import type { HeadConfig } from '../model/config.ts';
import { groupSequences } from '../model/group-sequences.ts';
import { checkArgument } from '../options/check-argument.ts';
import { checkOptions } from '../options/check-options.ts';
import { callback, fields, object, optional, text, texts } from '../options/kinds.ts';
import { classifyBatchOptions, classifyOptions } from '../options/table.ts';
import { checkInputFormat, formatWindows, resolveInputFormat } from './input-format.ts';
import { scoreLabels } from './label-scores.ts';

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
  classifyIds(tokenIds: Uint32Array | readonly number[], options?: CallOptions): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** Tokens of a batch that go to the model at once; between two, progress is told and other calls get their turn. */
const tokensAtOnce = 1024;

/**
 * Puts the four tasks over a loaded model.
 *
 * @throws GptletError UNSUPPORTED_MODEL without a head; BAD_CHECKPOINT for a `gptlet` entry of config.json that makes no sense
 * @example
 * const [{ label, score }] = await createClassifier(await loadModel('./my-classifier/')).classify('A lovely film.');
 */
export function createClassifier(model: GptModel): Classifier {
  checkArgument('model', model, fields({ config: object, classifyIdsBatch: callback }));
  return classifierWith(model, requireHead(model), (sequences, options) => model.classifyIdsBatch(sequences, options));
}

/** The four tasks over `model` with a head that gives the logits of token ids, one per label. */
export function classifierWith(
  model: GptModel,
  head: HeadConfig,
  logitsOfIds: GptModel['classifyIdsBatch'],
): Classifier {
  const named = head.inputFormat;
  checkInputFormat(named);
  const temperature = named?.temperature ?? 1;
  /** Head logits of each tuple of texts, the mean over its windows where it has several. */
  const logitsOf = async (
    tuples: readonly (readonly string[])[],
    { truncation, adapter, signal }: ClassifyOptions,
    { mostTokens, onDone }: { mostTokens: number; onDone?: (tuples: number) => void },
  ): Promise<Float32Array[]> => {
    const format = resolveInputFormat({ ...named, ...(truncation ? { truncation } : {}) }, model.tokenizer);
    const windows = tuples.map((texts) => formatWindows(texts, format, model.tokenizer, model.config));
    const results: Float32Array[] = [];
    let pending: Float32Array[] = [];
    for (const group of groupSequences(windows.flat(), mostTokens)) {
      pending.push(...(await logitsOfIds(group, { adapter, signal })));
      while (results.length < tuples.length && pending.length >= windows[results.length].length) {
        const count = windows[results.length].length;
        results.push(mean(pending.slice(0, count)));
        pending = pending.slice(count);
      }
      onDone?.(results.length);
    }
    return results;
  };
  const labelled = (logits: Float32Array, options: ClassifyOptions): LabelScore[] =>
    first(scoreLabels(logits, head, temperature), options);
  const label = async (tuple: readonly string[], given: ClassifyOptions): Promise<LabelScore[]> => {
    const options = checkOptions(classifyOptions(), given);
    requireSequenceHead(head);
    const [logits] = await logitsOf([tuple], options, { mostTokens: tokensAtOnce });
    return labelled(logits, options);
  };

  return {
    model,
    labels: head.labels,
    classify: async (given, options = {}) => {
      checkArgument('text', given, text);
      return label([given], options);
    },
    entail: async (pair, options = {}) => {
      checkArgument('pair', pair, fields({ premise: text, hypothesis: text }));
      return label([pair.premise, pair.hypothesis], options);
    },
    similarity: async (pair, given = {}) => {
      checkArgument('pair', pair, fields({ a: text, b: text }));
      const options = checkOptions(classifyOptions(), given);
      const { a, b } = pair;
      requireSequenceHead(head);
      const orders = [
        [a, b],
        [b, a],
      ];
      // The head is linear and, in all three families, without a bias: adding logits is adding hidden states.
      const [forth, back] = await logitsOf(orders, options, { mostTokens: Infinity });
      return labelled(
        forth.map((logit, i) => logit + back[i]),
        options,
      );
    },
    choose: async (task, given = {}) => {
      checkArgument('task', task, fields({ context: text, question: optional(text), answers: texts }));
      const options = checkOptions(classifyOptions(), given);
      const { context, question, answers } = task;
      if (answers.length === 0)
        throw new GptletError('INVALID_OPTION', 'There are no answers to choose from; give at least one.');
      if (head.kind === 'token-classification') throw wrongHead(head);
      const before = question == null ? context : `${context} ${question}`;
      const logits = await logitsOf(
        answers.map((answer) => [before, answer]),
        options,
        { mostTokens: Infinity }, // all in one batch, which computes their common context once
      );
      const scores = softmax(
        logits.map((values) => values[values.length - 1]),
        temperature,
      );
      return first(
        scores.map((score, index) => ({ index, score })).sort((x, y) => y.score - x.score),
        options,
      );
    },
    classifyBatch: async (batch, given = {}) => {
      checkArgument('texts', batch, texts);
      const { onProgress, ...options } = checkOptions(classifyBatchOptions(), given);
      requireSequenceHead(head);
      const logits = await logitsOf(
        batch.map((one) => [one]),
        options,
        { mostTokens: tokensAtOnce, onDone: (done) => onProgress?.({ done, total: batch.length }) },
      );
      return logits.map((values) => labelled(values, options));
    },
    classifyIds: async (tokenIds, options) => (await logitsOfIds([tokenIds], options))[0],
    dispose: () => model.dispose(),
    [Symbol.asyncDispose]: () => model.dispose(),
  };
}

function mean(rows: readonly Float32Array[]): Float32Array {
  return rows[0].map((_, i) => rows.reduce((sum, row) => sum + row[i], 0) / rows.length);
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

function first<T>(ranked: T[], { topK = ranked.length }: ClassifyOptions): T[] {
  return ranked.slice(0, topK);
}
