import type { ModelConfig } from '../../model/config.ts';
import type { Dtype } from '../../model/dtype.ts';
import type { Buffers } from './buffers.ts';
import type { LayerLayout } from './cache-layout.ts';
import type { GpuDevice } from './gpu-device.ts';
import type { LoadRareShaders, Step } from './kernels.ts';
import type { KvSlot } from './kv-slot.ts';
import type { Planner, SlotPlan } from './plan.ts';
import type { RotaryTables } from './rotary-tables.ts';
import type { Weights } from './weights.ts';

/** What an engine is made of; the builder has it. */
export interface EngineParts {
  readonly gpu: GpuDevice;
  readonly config: ModelConfig;
  readonly dtype: Dtype;
  readonly weights: Weights;
  readonly buffers: Buffers;
  readonly planner: Planner;
  readonly loadRareShaders: LoadRareShaders;
  /** Most tokens of one chunk of a prefill. */
  readonly chunk: number;
  /** What each layer of a slot keeps. */
  readonly layout: readonly LayerLayout[];
  readonly rotary: RotaryTables | undefined;
  /** Positions that a slot has room for at first. */
  readonly firstCapacity: number | undefined;
  readonly firstSlot: KvSlot;
}

/** Most tokens of a chunk when the logits of all are wanted: some 32 MB of them, whatever the vocabulary. */
export function logitsChunk({ chunk, weights }: Pick<EngineParts, 'chunk' | 'weights'>): number {
  return Math.min(chunk, Math.max(32, Math.floor(2 ** 23 / weights.dimensions.V / 32) * 32));
}

/** A slot's KV cache with the steps that are bound to it, by the adapter that is in them; none are left when its buffers are others. */
export interface Slot {
  readonly kv: KvSlot;
  readonly plans: Map<number | undefined, SlotPlan<Step>>;
}
