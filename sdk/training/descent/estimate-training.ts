import { planBytes } from '../../gradients/graph/plan-bytes.ts';
import type { GptModel } from '../../loaded-model/gpt-model.ts';
import type { HeadConfig } from '../../model/config.ts';
import type { Estimate, ExampleSizes } from '../estimated.ts';
import type { Method } from '../fine-tune-options.ts';
import { Pacer } from '../pacer.ts';
import { planOf } from '../run/plan-of.ts';
import type { TrainingItem, TrainingJob } from '../training-job.ts';
import { nextTokens } from './items.ts';
import { type JobRequest, jobOf, makeJob } from './make-job.ts';
import { type PreparedTask, prepareTask } from './prepare-task.ts';

/** Vectors as long as a head's weights that fitting it holds, in double precision: ten pairs and four more. */
const fitVectors = 24;
/** Tokens that are tried to know how fast the body is. */
const tried = 256;

export async function estimateTraining(
  { method, ...request }: Omit<JobRequest, 'method'> & { readonly method: Method },
  examples: readonly object[] | ExampleSizes,
): Promise<Estimate> {
  const { model, task, given } = request;
  const pacer = new Pacer(given.signal ?? new AbortController().signal);
  const isSizes = !Array.isArray(examples);
  const prepare = (): Promise<PreparedTask> | PreparedTask =>
    isSizes
      ? standIn(task, examples as ExampleSizes, given.objective === 'L3')
      : prepareTask(task, examples, { model, given, added: new Map(), pacer });
  if (method === 'head') {
    const { items, head } = await prepare();
    const { nEmbd } = model.config;
    const rows = items.reduce((sum, { outputs = [] }) => sum + outputs.length, 0);
    const weights = (head?.labels.length ?? 1) * nEmbd;
    const tokens = tokensOf(items);
    return {
      memoryBytes: 4 * rows * nEmbd + 8 * fitVectors * weights,
      tokens,
      ...(!isSizes && { secondsPerEpoch: tokens / (await speedOf(model, items)) }),
    };
  }
  const { job } = isSizes
    ? await jobOf({ ...request, method }, await prepare(), new Map())
    : await makeJob({ ...request, method }, examples as readonly object[], pacer);
  const tokens = tokensOf(job.learn);
  return {
    memoryBytes: jobBytes(job),
    tokens,
    steps: job.schedule.steps,
    ...(!isSizes && { secondsPerEpoch: (tokens * passes(job)) / (await speedOf(model, job.learn)) }),
  };
}

/** Of a plan, and of a copy of what is learnt where the best is kept. */
function jobBytes(job: TrainingJob): number {
  const plan = planOf(job);
  const learnt = plan.parameters.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
  return planBytes(plan) + (job.held.length > 0 ? 4 * learnt : 0);
}

/** How much work a token is, in passes forward: back is one for the stream, and one more for weights where all learn (Kaplan et al., 2020). */
const passes = ({ method, checkpointing }: TrainingJob): number =>
  (method.kind === 'full' ? 3 : 2) + (checkpointing ? 1 : 0);

const tokensOf = (items: readonly TrainingItem[]): number =>
  items.reduce((sum, { sequences }) => sum + sequences.reduce((all, { tokenIds }) => all + tokenIds.length, 0), 0);

/** Tokens a second that the loaded model takes in, by a few examples. */
async function speedOf(model: GptModel, items: readonly TrainingItem[]): Promise<number> {
  const { vocabSize } = model.config;
  const sequences: Uint32Array[] = [];
  let tokens = 0;
  for (const { tokenIds } of items.flatMap(({ sequences }) => sequences)) {
    if (tokens >= tried) break;
    // New tokens are none of the model's yet.
    sequences.push(tokenIds.slice(0, tried).map((id) => Math.min(id, vocabSize - 1)));
    tokens += Math.min(tokenIds.length, tried);
  }
  await model.embedBatch(sequences);
  const started = performance.now();
  await model.embedBatch(sequences);
  return (1000 * tokens) / Math.max(1, performance.now() - started);
}

/** Examples of given sizes that say nothing. */
function standIn(
  task: JobRequest['task'],
  { examples, tokens, labels = 2 }: ExampleSizes,
  language: boolean,
): PreparedTask {
  const isText = task === 'text';
  const tokenIds = new Uint32Array(tokens);
  const targets = isText || language ? nextTokens(tokenIds) : undefined;
  const names = Array.from({ length: task === 'choice' || task === 'regression' ? 1 : labels }, (_, k) => String(k));
  const target = names.map((_, k) => (k === 0 ? 1 : 0));
  const places = task === 'tokens' ? [...tokenIds.keys()] : [tokens - 1];
  const item: TrainingItem = {
    sequences: [{ tokenIds, ...(targets && { targets }) }],
    ...(!isText && { outputs: places.map((token) => ({ places: [{ sequence: 0, token }], target })) }),
  };
  const isTokens = task === 'tokens';
  const kind = isTokens ? 'token-classification' : 'sequence-classification';
  const head: HeadConfig | undefined = isText ? undefined : { kind, labels: names, bias: isTokens };
  return {
    items: Array<TrainingItem>(examples).fill(item),
    ...(head && { head, headKind: 'one label' as const }),
    groupOf: () => undefined,
    evaluate: () => {
      throw new Error('Sizes say nothing that could be judged.');
    },
    warnings: [],
  };
}
