import { evaluate } from './evaluate.ts';
import type { Evaluation } from './evaluation.ts';
import { exampleLoss, type LossOptions } from './example-loss.ts';
import { type Features, fitLinear, logitsOf, meanLoss } from './fit-linear.ts';
import type { LabelledTexts } from './labelled-texts.ts';
import { splitExamples } from './split-examples.ts';
import type { TrainingControl } from './training.ts';

/** From the strongest, whose solution is the start of the next. */
const strengths = [1, 0.1, 0.01, 1e-3, 1e-4];
/** Share of what is learnt from that chooses among them. */
const choosing = 0.2;

export interface HeadFit {
  /** (K, C) */
  readonly weights: Float64Array;
  readonly l2: number;
  /** By a head that has not seen what was held out. */
  readonly evaluation?: Evaluation;
}

/**
 * Chooses the penalty by a fifth of what is learnt from, judges by what is held out, and then learns from all of it.
 *
 * @param features with channels of one scale
 */
export async function fitHead(
  features: Features,
  data: LabelledTexts,
  options: LossOptions & { readonly heldOut: number; readonly l2: number | undefined },
  random: () => number,
  control: TrainingControl,
): Promise<HeadFit> {
  const K = data.kind === 'answer' ? 1 : data.labels.length;
  const loss = exampleLoss(data, options);
  const all = data.inputs.map((_, i) => i);
  const groupOf = (example: number): unknown => (data.kind === 'one label' ? data.targets[example] : undefined);
  const { learn, held } = splitExamples(all, options.heldOut, groupOf, random);
  let step = 0;
  const onStep = (value: number): void => control.onProgress({ stage: 'fit', step: ++step, loss: value });
  const fitOn = (examples: readonly number[], l2: number, start?: Float64Array) =>
    fitLinear(features, loss, { examples, K, l2, start, pacer: control.pacer, onStep });

  const l2 = options.l2 ?? (await chooseStrength(splitExamples(learn, choosing, groupOf, random)));
  const { weights } = await fitOn(learn, l2);
  if (held.length === 0) return { weights, l2 };
  const heldLoss = await meanLoss(features, loss, { examples: held, K, pacer: control.pacer }, weights);
  const answers = held.map((example) => ({ example, logits: logitsOf(features, weights, K, example) }));
  const evaluation = evaluate(data, answers, heldLoss);
  return { weights: (await fitOn(all, l2, weights)).weights, l2, evaluation };

  /** The one with the least loss on what is held out here; the search ends where it gets worse. */
  async function chooseStrength({ learn, held }: ReturnType<typeof splitExamples>): Promise<number> {
    if (held.length === 0) return strengths[2];
    let best = { l2: strengths[0], loss: Number.POSITIVE_INFINITY };
    let start: Float64Array | undefined;
    for (const l2 of strengths) {
      start = (await fitOn(learn, l2, start)).weights;
      const found = await meanLoss(features, loss, { examples: held, K, pacer: control.pacer }, start);
      if (found > best.loss) break;
      best = { l2, loss: found };
    }
    return best.l2;
  }
}
