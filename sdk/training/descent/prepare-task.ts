import { resolveInputFormat } from '../../heads/input-format.ts';
import type { GptModel } from '../../loaded-model/gpt-model.ts';
import type { HeadConfig } from '../../model/config.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { readClassWeights } from '../class-weights.ts';
import { cutExamples, doubts } from '../doubts.ts';
import { evaluate } from '../evaluate.ts';
import type { Evaluation } from '../evaluation.ts';
import type { FineTuneOptions } from '../fine-tune-options.ts';
import { headConfig, inputFormatFor } from '../head-config.ts';
import { readExamples } from '../labelled-texts.ts';
import type { Pacer } from '../pacer.ts';
import type { Task, TaskExamples } from '../task-examples.ts';
import type { TrainingItem, TrainingJob } from '../training-job.ts';
import { evaluateSpans } from './evaluate-spans.ts';
import { labelledItems } from './labelled-items.ts';
import type { NewTokens } from './new-tokens.ts';
import { checkSpanExamples, spanItems } from './span-items.ts';
import { checkTextExamples, textItems } from './text-items.ts';

/** Examples of any task as a job learns from them, and how its answers are judged. */
export interface PreparedTask {
  readonly items: readonly TrainingItem[];
  /** Absent of text. */
  readonly head?: HeadConfig;
  readonly headKind?: TrainingJob['headKind'];
  /** Of which the same share is held out each. */
  readonly groupOf: (item: number) => unknown;
  /** @param held items whose outputs' logits those are */
  readonly evaluate: (
    held: readonly number[],
    logits: readonly (readonly Float32Array[])[],
    loss: number,
  ) => Evaluation;
  readonly warnings: readonly string[];
}

/** What preparing looks at. */
export interface PrepareOptions {
  readonly model: GptModel;
  readonly given: FineTuneOptions;
  readonly added: NewTokens;
  readonly pacer: Pacer;
}

/** @throws GptletError INVALID_OPTION for examples that are not the task's */
export function prepareTask(task: Task, examples: readonly object[], options: PrepareOptions): Promise<PreparedTask> {
  if (task === 'text') return prepareText(examples as readonly TaskExamples['text'][], options);
  if (task === 'tokens') return prepareSpans(examples as readonly TaskExamples['tokens'][], options);
  return prepareLabels(task, examples as readonly TaskExamples[typeof task][], options);
}

/** The tokenizer as far as an input format looks, with the tokens that it will have. */
function withTokens(
  { template, specialTokens }: Tokenizer,
  added: NewTokens,
): Pick<Tokenizer, 'template' | 'specialTokens'> {
  return { template, specialTokens: new Map([...specialTokens, ...added]) };
}

async function prepareLabels<T extends Exclude<Task, 'tokens' | 'text'>>(
  task: T,
  examples: readonly TaskExamples[T][],
  { model, given, added, pacer }: PrepareOptions,
): Promise<PreparedTask> {
  const data = await readExamples(task, examples, pacer);
  const inputFormat = inputFormatFor(data, given, model);
  const losses = { classWeights: readClassWeights(given.classWeights, data), labelSmoothing: given.labelSmoothing };
  const format = resolveInputFormat(inputFormat, withTokens(model.tokenizer, added));
  const language = given.objective === 'L3';
  const { items, cut } = await labelledItems(data, { format, model, losses, language }, pacer);
  return {
    items,
    head: headConfig(data, inputFormat),
    headKind: data.kind,
    groupOf: (item) => (data.kind === 'one label' ? data.targets[item] : undefined),
    evaluate: (held, logits, loss) =>
      evaluate(
        data,
        held.map((example, h) => ({ example, logits: Float32Array.from(logits[h].flatMap((row) => [...row])) })),
        loss,
      ),
    warnings: await doubts(data, cut, model.config, pacer),
  };
}

async function prepareSpans(
  examples: readonly TaskExamples['tokens'][],
  { model, given, added, pacer }: PrepareOptions,
): Promise<PreparedTask> {
  checkSpanExamples(examples);
  const inputFormat = given.startToken == null ? undefined : { startToken: given.startToken };
  const { startIds } = resolveInputFormat(inputFormat, withTokens(model.tokenizer, added));
  const { labelSmoothing } = given;
  const data = await spanItems(
    examples,
    { model, startIds, labelSmoothing, language: given.objective === 'L3' },
    pacer,
  );
  return {
    items: data.items,
    // The hub's classes of this kind have a bias.
    head: { kind: 'token-classification', labels: data.labels, bias: true, ...(inputFormat && { inputFormat }) },
    headKind: 'one label',
    groupOf: () => undefined,
    evaluate: (held, logits, loss) =>
      evaluateSpans(
        examples,
        data,
        held.map((example, h) => ({ example, logits: logits[h] })),
        loss,
      ),
    warnings: cutExamples(data.cut, model.config.nCtx, 'part them, or leave out what has no span'),
  };
}

async function prepareText(
  examples: readonly TaskExamples['text'][],
  { model, given, pacer }: PrepareOptions,
): Promise<PreparedTask> {
  checkTextExamples(examples);
  const most = Math.min(model.config.nCtx, given.tokensAtOnce ?? model.config.nCtx);
  const { items, cut } = await textItems(examples, { model, most }, pacer);
  return {
    items,
    groupOf: () => undefined,
    evaluate: (held, _, loss) => ({ examples: held.length, loss, perplexity: Math.exp(loss), mostWrong: [] }),
    warnings: cutExamples(cut, most, 'of a prompt and a conversation the end is kept, of a completion the beginning'),
  };
}
