import type { Executor } from '../../gradients/executor.ts';
import type { TrainingPlan } from '../../gradients/plan.ts';
import type { TrainingItem } from '../training-job.ts';
import type { BatchScale } from './batch-scale.ts';

/** The inputs of a plan, allocated once, and written to an executor pass by pass. */
export class PassInputs {
  readonly #tokenIds: Int32Array;
  readonly #positions: Int32Array;
  readonly #sequenceStart: Int32Array;
  readonly #sequenceEnd: Int32Array;
  readonly #targets: Int32Array;
  readonly #targetWeights: Float32Array;
  readonly #headRows: Int32Array;
  readonly #headGroups: Int32Array;
  readonly #headTargets: Float32Array;
  readonly #headWeights: Float32Array;
  /** Hidden states that are added up for one output, at most. */
  readonly #each: number;
  /** K. */
  readonly labels: number;

  constructor(plan: TrainingPlan) {
    const { mostTokens: N, mostOutputs: H } = plan;
    const perOutput = (name: string): number =>
      H === 0 ? 0 : (plan.buffers.find((buffer) => buffer.name === name)?.length ?? 0) / H;
    this.#each = perOutput('headRows');
    this.labels = perOutput('headTargets');
    this.#tokenIds = new Int32Array(N);
    this.#positions = new Int32Array(N);
    this.#sequenceStart = new Int32Array(N);
    this.#sequenceEnd = new Int32Array(N);
    this.#targets = new Int32Array(N);
    this.#targetWeights = new Float32Array(N);
    this.#headRows = new Int32Array(H * this.#each);
    this.#headGroups = new Int32Array(H * 2);
    this.#headTargets = new Float32Array(H * this.labels);
    this.#headWeights = new Float32Array(H);
  }

  /** Puts items one after another. @returns how many tokens and outputs they are */
  write(
    executor: Executor,
    items: readonly TrainingItem[],
    scale: BatchScale,
  ): { readonly tokens: number; readonly outputs: number } {
    let tokens = 0;
    let outputs = 0;
    for (const item of items) {
      const starts = item.sequences.map((sequence) => {
        const start = tokens;
        tokens = this.#putSequence(sequence, start, scale.language);
        return start;
      });
      const first = outputs;
      for (const { places, target, weight = 1 } of item.outputs ?? []) {
        for (let j = 0; j < this.#each; j++) {
          const place = places[j];
          this.#headRows[outputs * this.#each + j] = place ? starts[place.sequence] + place.token : -1;
        }
        this.#headGroups.set([first, item.outputs?.length ?? 0], outputs * 2);
        this.#headTargets.set(target, outputs * this.labels);
        this.#headWeights[outputs++] = weight * scale.labels;
      }
    }
    executor.write('tokenIds', this.#tokenIds.subarray(0, tokens));
    executor.write('positions', this.#positions.subarray(0, tokens));
    executor.write('sequenceStart', this.#sequenceStart.subarray(0, tokens));
    executor.write('sequenceEnd', this.#sequenceEnd.subarray(0, tokens));
    executor.write('targets', this.#targets.subarray(0, tokens));
    executor.write('targetWeights', this.#targetWeights.subarray(0, tokens));
    if (outputs > 0) {
      executor.write('headRows', this.#headRows.subarray(0, outputs * this.#each));
      executor.write('headGroups', this.#headGroups.subarray(0, outputs * 2));
      executor.write('headTargets', this.#headTargets.subarray(0, outputs * this.labels));
      executor.write('headWeights', this.#headWeights.subarray(0, outputs));
    }
    return { tokens, outputs };
  }

  #putSequence({ tokenIds, targets }: TrainingItem['sequences'][number], start: number, languageScale: number): number {
    const end = start + tokenIds.length;
    this.#tokenIds.set(tokenIds, start);
    this.#sequenceStart.fill(start, start, end);
    this.#sequenceEnd.fill(end, start, end);
    if (targets) this.#targets.set(targets, start);
    else this.#targets.fill(-1, start, end);
    for (let n = start; n < end; n++) {
      this.#positions[n] = n - start;
      this.#targetWeights[n] = this.#targets[n] < 0 ? 0 : languageScale;
    }
    return end;
  }
}
