import { dropoutRandom } from '../../gradients/dropout-random.ts';
import type { Executor } from '../../gradients/executor.ts';
import type { TrainingPlan } from '../../gradients/plan.ts';
import type { JobProgress, JobResult, TrainingItem, TrainingJob } from '../training-job.ts';
import { BatchOrder } from './batch-order.ts';
import { batchScale } from './batch-scale.ts';
import type { JobControl } from './job-control.ts';
import { learningRateOf } from './learning-rate.ts';
import { microBatches, type PassLimits } from './micro-batches.ts';
import { copyParameters, namedParameters } from './parameters.ts';
import { PassInputs } from './pass-inputs.ts';
import type { RunState } from './run-state.ts';
import { Speed } from './speed.ts';
import type { StateKeeper } from './state-keeper.ts';
import { noImprovement, notFinite } from './warnings.ts';

/** What a session works with. */
export interface SessionParts {
  readonly job: TrainingJob;
  readonly plan: TrainingPlan;
  /** With all weights, and with the moments of `state`. */
  readonly executor: Executor;
  readonly state: RunState;
  readonly keeper: StateKeeper;
  readonly control: JobControl;
}

/** What the parameters make of what is held out. */
interface Judgement {
  readonly heldLoss: number;
  readonly heldLogits: readonly (readonly Float32Array[])[];
}

/** One run on one executor: from the update that its state says to the last one. */
export class Session {
  readonly #job: TrainingJob;
  readonly #plan: TrainingPlan;
  readonly #executor: Executor;
  readonly #state: RunState;
  readonly #keeper: StateKeeper;
  readonly #control: JobControl;
  readonly #limits: PassLimits;
  readonly #inputs: PassInputs;
  readonly #order: BatchOrder;
  readonly #speed = new Speed();
  /** Milliseconds that it stood still, of the update that runs. */
  #rested = 0;

  constructor({ job, plan, executor, state, keeper, control }: SessionParts) {
    this.#job = job;
    this.#plan = plan;
    this.#executor = executor;
    this.#state = state;
    this.#keeper = keeper;
    this.#control = control;
    this.#limits = { tokens: plan.mostTokens, outputs: plan.mostOutputs };
    this.#inputs = new PassInputs(plan);
    this.#order = new BatchOrder(job.learn.length, job.schedule.batchSize, job.schedule.seed);
  }

  async run(): Promise<JobResult> {
    const { schedule, held } = this.#job;
    const { steps, evaluateEvery, patience } = schedule;
    const state = this.#state;
    while (state.step < steps && (patience === 0 || state.misses < patience)) {
      const started = performance.now();
      this.#rested = 0;
      const update = await this.#update(state.step);
      if (!Number.isFinite(update.loss) || !Number.isFinite(update.norm)) {
        state.warnings.push(notFinite(this.#job, state, update));
        break;
      }
      state.step++;
      const evaluates = state.step % evaluateEvery === 0 || state.step === steps;
      const judged = evaluates && held.length > 0 ? await this.#evaluate() : undefined;
      this.#speed.note((performance.now() - started - this.#rested) / 1000, update.tokens);
      this.#tell(update, judged);
      if (evaluates) await this.#hand();
      await this.#keeper.saveIfDue(this.#executor, this.#plan, state);
    }
    if (patience > 0 && state.misses >= patience && state.step < steps)
      state.warnings.push(noImprovement(this.#job, state));
    return this.#result();
  }

  /** One update: all passes of its batch, then the optimiser. */
  async #update(step: number): Promise<{ loss: number; norm: number; tokens: number }> {
    const { schedule } = this.#job;
    const batch = this.#order.batch(step);
    const scale = batchScale(this.#job, this.#job.learn, batch);
    const passes = microBatches(this.#job.learn, batch, this.#limits);
    const optimiser = {
      learningRate: learningRateOf(schedule, step),
      correction1: 1 - schedule.beta1 ** (step + 1),
      correction2: 1 - schedule.beta2 ** (step + 1),
    };
    let tokens = 0;
    for (const [i, pass] of passes.entries()) {
      await this.#rest();
      const items = pass.map((item) => this.#job.learn[item]);
      const counts = this.#inputs.write(this.#executor, items, scale);
      const phases = [...(i === 0 ? ['clear' as const] : []), 'gradients' as const];
      const dropoutSeed = dropoutRandom(schedule.seed, step, i);
      await this.#executor.run(phases, { ...counts, ...optimiser, dropoutSeed });
      tokens += counts.tokens;
    }
    await this.#executor.run(['update'], { tokens: 0, outputs: 0, dropoutSeed: 0, ...optimiser });
    const loss = await this.#loss();
    const [norm] = await this.#executor.read('norm', 0, 1);
    return { loss, norm, tokens };
  }

  /** Judges what is held out; keeps the parameters where they are the best so far. */
  async #evaluate(): Promise<Judgement> {
    const state = this.#state;
    const judged = await this.#judge();
    const { heldLoss, heldLogits } = judged;
    // What is no number is no better than anything.
    if (heldLoss < (state.best?.heldLoss ?? Number.POSITIVE_INFINITY)) {
      const parameters = await copyParameters(this.#executor, this.#plan, state.best?.parameters);
      state.best = { step: state.step, heldLoss, heldLogits, parameters };
      state.misses = 0;
    } else {
      state.misses++;
    }
    return judged;
  }

  async #judge(): Promise<Judgement> {
    const { held } = this.#job;
    const K = this.#inputs.labels;
    const all = Uint32Array.from(held, (_, i) => i);
    const scale = batchScale(this.#job, held, all);
    const heldLogits: Float32Array[][] = held.map(() => []);
    for (const [i, pass] of microBatches(held, all, this.#limits).entries()) {
      // A pause waits for the end of it: a state between an update and its evaluation would go on without the latter.
      if (this.#control.pacer.isDue) await this.#control.pacer.giveWay();
      const items = pass.map((item): TrainingItem => held[item]);
      const counts = this.#inputs.write(this.#executor, items, scale);
      const phases = [...(i === 0 ? ['clear' as const] : []), 'forward' as const];
      await this.#executor.run(phases, {
        ...counts,
        dropoutSeed: 0,
        learningRate: 0,
        correction1: 1,
        correction2: 1,
      });
      if (counts.outputs === 0) continue;
      const logits = await this.#executor.read('headLogits', 0, counts.outputs * K);
      let row = 0;
      for (const item of pass)
        for (const _ of held[item].outputs ?? []) heldLogits[item].push(logits.subarray(row * K, ++row * K));
    }
    return { heldLoss: await this.#loss(), heldLogits };
  }

  async #loss(): Promise<number> {
    const [language, labels] = await this.#executor.read('losses', 0, 2);
    return language + labels;
  }

  #tell(update: { loss: number; norm: number }, judged: Judgement | undefined): void {
    const { schedule } = this.#job;
    const { step } = this.#state;
    const progress: JobProgress = {
      step,
      steps: schedule.steps,
      epoch: this.#order.epochsAfter(step),
      loss: update.loss,
      learningRate: learningRateOf(schedule, step - 1),
      gradientNorm: update.norm,
      tokensPerSecond: this.#speed.tokensPerSecond,
      secondsLeft: this.#speed.secondsFor(schedule.steps - step),
      ...(judged && { heldLoss: judged.heldLoss }),
    };
    this.#state.history.push(progress);
    this.#control.onProgress({ ...progress, ...judged });
  }

  /** Gives the parameters as they are to whoever wants to see them. */
  async #hand(): Promise<void> {
    const { onParameters } = this.#control;
    onParameters?.(namedParameters(this.#plan, await copyParameters(this.#executor, this.#plan)), this.#state.step);
  }

  /** Lets others have their turn between two passes; a pause keeps the state first. */
  async #rest(): Promise<void> {
    const { pacer } = this.#control;
    if (!pacer.isDue) return;
    const since = performance.now();
    // A pause may come in this turn.
    await pacer.giveWay();
    if (pacer.isPaused) {
      await this.#keeper.save(this.#executor, this.#plan, this.#state);
      await pacer.rest();
    }
    this.#rested += performance.now() - since;
  }

  async #result(): Promise<JobResult> {
    const state = this.#state;
    const { held } = this.#job;
    const { step, warnings } = state;
    if (held.length > 0 && !state.best) await this.#evaluate();
    const { best } = state;
    if (best) {
      const { heldLogits, heldLoss } = best;
      return { parameters: namedParameters(this.#plan, best.parameters), heldLogits, heldLoss, steps: step, warnings };
    }
    const judged = held.length > 0 ? await this.#judge() : undefined;
    const parameters = namedParameters(this.#plan, await copyParameters(this.#executor, this.#plan));
    return { parameters, heldLogits: judged?.heldLogits ?? [], heldLoss: judged?.heldLoss, steps: step, warnings };
  }
}
