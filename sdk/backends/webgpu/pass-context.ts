import type { Adaptation } from './adaptation.ts';
import { type EngineParts, logitsChunk, type Slot } from './engine-parts.ts';
import type { Step, StepDraft } from './kernels.ts';
import { kernelsOf } from './kernels-of.ts';
import type { KvSlot } from './kv-slot.ts';
import { prefillSteps, type SharedPlan, type SlotPlan } from './plan.ts';
import { Readback } from './readback.ts';

/** Steps together with the buffer that they fill. */
interface StepsTo {
  readonly buffer: GPUBuffer;
  readonly steps: readonly Step[];
}

/** What passes of all kinds have in common: the steps that no slot has a part in, and ways to the GPU and back. */
export class PassContext {
  readonly parts: EngineParts;
  readonly shared: SharedPlan<Step>;
  readonly readback: Readback;
  readonly slots: Slot[] = [];
  /** By number. */
  readonly adapters: Map<number, Adaptation> = new Map();
  readonly #run: Uint32Array<ArrayBuffer>;
  // Made when first wanted, since compiling takes time and most models never need them.
  #candidates: readonly Step[] | undefined;
  #allLogits: StepsTo | undefined;
  #nextAdapter = 1;

  constructor(parts: EngineParts) {
    const { gpu, planner, weights, buffers, chunk } = parts;
    this.parts = parts;
    this.#run = new Uint32Array(4 + 2 * chunk);
    const shared = planner.shared();
    this.shared = {
      embed: this.#steps(shared.embed),
      finish: this.#steps(shared.finish),
      head: this.#steps(shared.head),
      choose: this.#steps(shared.choose),
    };
    const { V, C } = weights.dimensions;
    this.readback = new Readback(gpu, Math.max((V + C) * 4, buffers.found.size));
  }

  /** Takes in a slot with a KV cache of its own. */
  addSlot(kv: KvSlot): void {
    const slot: Slot = { kv, plans: new Map() };
    this.slots.push(slot);
    this.plan(slot);
  }

  /** Takes in an adapter and compiles what its steps need besides. Returns its number. */
  async addAdapter(adaptation: Adaptation): Promise<number> {
    const { decode, prefill } = this.parts.planner.slot(this.slots[0].kv.layers, adaptation);
    try {
      await this.#compile([...decode, ...prefillSteps({ decode, prefill })]);
    } catch (error) {
      adaptation.destroy();
      throw error;
    }
    const id = this.#nextAdapter++;
    this.adapters.set(id, adaptation);
    this.plan(this.slots[0], id);
    return id;
  }

  removeAdapter(id: number): void {
    this.adapters.get(id)?.destroy();
    this.adapters.delete(id);
    for (const { plans } of this.slots) plans.delete(id);
  }

  /** The steps of a pass, after {@link makeRoom}: bound once, until the cache grows. */
  plan({ kv, plans }: Slot, adapter?: number): SlotPlan<Step> {
    let plan = plans.get(adapter);
    if (!plan) {
      plan = this.#bind(kv, adapter);
      plans.set(adapter, plan);
    }
    return plan;
  }

  /**
   * Makes room for `count` tokens of a slot from `position` on: before every pass, since the cache grows as it fills.
   *
   * @throws GptletError OUT_OF_MEMORY; see {@link KvSlot.makeRoom}
   */
  async makeRoom(slot: Slot, position: number, count: number): Promise<void> {
    if (await this.parts.rotary?.reach(position + count)) {
      for (const { plans } of this.slots) plans.clear();
    }
    if (await slot.kv.makeRoom(position, count)) slot.plans.clear();
  }

  /** Copies the first tokens of one slot's KV cache to another. */
  copySlot(from: Slot, to: Slot, tokens: number): void {
    if (to.kv.copyFrom(from.kv, tokens)) to.plans.clear();
  }

  /** Tells the kernels what to work on: sequences that each follow what is in the cache before `position`. */
  write(position: number, ...sequences: readonly Uint32Array[]): void {
    const { gpu, buffers } = this.parts;
    let T = 0;
    for (const sequence of sequences) {
      const begin = T;
      for (const id of sequence) {
        this.#run[4 + 2 * T] = id;
        this.#run[5 + 2 * T] = begin;
        T++;
      }
    }
    this.#run.set([position, T, T - 1, 0]);
    gpu.device.queue.writeBuffer(buffers.run, 0, this.#run, 0, 4 + 2 * T);
  }

  encoder(): GPUCommandEncoder {
    return this.parts.gpu.device.createCommandEncoder();
  }

  submit(encoder: GPUCommandEncoder): void {
    this.parts.gpu.device.queue.submit([encoder.finish()]);
  }

  /** Steps that find the likeliest tokens among the logits of one token. */
  async candidates(): Promise<readonly Step[]> {
    this.#candidates ??= await this.#made(this.parts.planner.candidates());
    return this.#candidates;
  }

  /** Where all logits of a chunk go, (T, V), and how they get there. */
  async allLogits(): Promise<StepsTo> {
    if (!this.#allLogits) {
      const { buffers, weights, planner, gpu } = this.parts;
      const bytes = logitsChunk(this.parts) * weights.dimensions.V * 4;
      const buffer = await gpu.allocate(bytes, 'the logits of all positions', () => buffers.make('all logits', bytes));
      this.#allLogits = { buffer, steps: await this.#made(planner.allLogits(buffer)) };
    }
    return this.#allLogits;
  }

  async #made(drafts: readonly StepDraft[]): Promise<readonly Step[]> {
    await this.#compile(drafts);
    return this.#steps(drafts);
  }

  #compile(drafts: readonly StepDraft[]): Promise<void> {
    const { gpu, loadRareShaders } = this.parts;
    return kernelsOf(gpu.device).compile(
      drafts.map(({ kernel }) => kernel),
      loadRareShaders,
    );
  }

  /** The steps over a KV cache, of kernels that are compiled. */
  #bind({ layers }: KvSlot, adapter: number | undefined): SlotPlan<Step> {
    const adaptation = adapter === undefined ? undefined : this.adapters.get(adapter);
    const { decode, prefill } = this.parts.planner.slot(layers, adaptation);
    return {
      decode: this.#steps(decode),
      prefill: prefill.map(({ enter, rest }) => ({ enter: this.#steps(enter), rest: this.#steps(rest) })),
    };
  }

  #steps(drafts: readonly StepDraft[]): Step[] {
    return drafts.map((draft) => kernelsOf(this.parts.gpu.device).step(draft));
  }
}
