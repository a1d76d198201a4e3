import type { ModelConfig } from '../../model/config.ts';
import type { Executor } from '../executor.ts';
import type { RunParameters } from '../plan.ts';
import type { LabelLossStep } from '../step.ts';

/** Sequences one after another, what they are to predict, and outputs of a head on some of their tokens. */
export interface Batch {
  readonly sequences: readonly Uint32Array[];
  readonly targets: Int32Array;
  readonly targetWeights: Float32Array;
  readonly outputs: readonly BatchOutput[];
}

export interface BatchOutput {
  /** Rows of the batch, as many as the plan's places an output; -1 is none. */
  readonly rows: readonly number[];
  readonly target: readonly number[];
  readonly weight: number;
  /** First output of its example, and how many that has. */
  readonly group: readonly [number, number];
}

/** Ragged sequences of up to `mostTokens` tokens together, with targets missing here and there. */
export function randomBatch(
  random: () => number,
  config: ModelConfig,
  mostTokens: number,
  head?: {
    readonly kind: LabelLossStep['kind'];
    readonly labels: number;
    readonly places: number;
    readonly count: number;
  },
): Batch {
  const from = (least: number, most: number): number => least + Math.floor(random() * (most - least + 1));
  const sequences: Uint32Array[] = [];
  let left = mostTokens;
  while (left > 0 && sequences.length < 4) {
    const length = from(1, Math.min(left, config.nCtx));
    sequences.push(Uint32Array.from({ length }, () => from(0, config.vocabSize - 1)));
    left -= length;
  }
  const tokens = mostTokens - left;
  const outputs = Array.from({ length: head?.count ?? 0 }, (_, h): BatchOutput => {
    const { kind, labels, places } = head!;
    const label = from(0, labels - 1);
    const first = h - (h % 2);
    const target = Array.from({ length: labels }, (_, k) => {
      if (kind === 'one label') return k === label ? 0.9 : 0.1 / labels;
      return kind === 'value' ? random() * 3 - 1 : from(0, 1);
    });
    return {
      rows: Array.from({ length: places }, (_, j) => (j > 0 && random() < 0.4 ? -1 : from(0, tokens - 1))),
      target,
      weight: 0.2 + random(),
      group: [first, Math.min(2, head!.count - first)],
    };
  });
  return {
    sequences,
    targets: Int32Array.from({ length: tokens }, () => (random() < 0.2 ? -1 : from(0, config.vocabSize - 1))),
    targetWeights: Float32Array.from({ length: tokens }, () => random() / tokens),
    outputs,
  };
}

/** Writes a batch into an executor's inputs; returns what a run of it is told. */
export function writeBatch(
  executor: Executor,
  batch: Batch,
  language: boolean,
): Pick<RunParameters, 'tokens' | 'outputs'> {
  const places = { tokenIds: [], positions: [], sequenceStart: [], sequenceEnd: [] } as Record<string, number[]>;
  let start = 0;
  for (const ids of batch.sequences) {
    ids.forEach((id, position) => {
      places.tokenIds.push(id);
      places.positions.push(position);
      places.sequenceStart.push(start);
      places.sequenceEnd.push(start + ids.length);
    });
    start += ids.length;
  }
  for (const [name, values] of Object.entries(places)) executor.write(name, Int32Array.from(values));
  if (language) {
    executor.write('targets', batch.targets);
    executor.write('targetWeights', batch.targetWeights);
  }
  const { outputs } = batch;
  if (outputs.length > 0) {
    executor.write('headRows', Int32Array.from(outputs.flatMap(({ rows }) => rows)));
    executor.write('headGroups', Int32Array.from(outputs.flatMap(({ group }) => group)));
    executor.write('headTargets', Float32Array.from(outputs.flatMap(({ target }) => target)));
    executor.write(
      'headWeights',
      Float32Array.from(outputs, ({ weight }) => weight),
    );
  }
  return { tokens: start, outputs: outputs.length };
}
