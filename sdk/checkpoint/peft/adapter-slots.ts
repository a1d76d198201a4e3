import type { AdaptedLinear, LoraSlot } from '../../model/adapter.ts';
import type { ModelConfig } from '../../model/config.ts';
import { tensorNamesOf } from '../../model/families/family-of.ts';
import type { RowRun, TensorNames } from '../../model/families/model-family.ts';
import { weightShapes } from '../../model/weight-shapes.ts';

/** A linear layer of a block as the hub's class has it, and where its rows are in ours. */
export interface AdapterSlot {
  readonly slot: LoraSlot;
  /** Its name within a block: `attn.c_attn`, `self_attn.q_proj`. */
  readonly module: string;
  /** The whole, as checkpoints have it without a head: `h.0.attn.c_attn`. */
  readonly path: string;
  /** Where its rows go, counted from the slot's first, where not one after the other. */
  readonly runs?: readonly RowRun[];
}

/** All that an adapter in PEFT's layout may change of a model, block after block. */
export function adapterSlots(config: ModelConfig, names: TensorNames = tensorNamesOf(config)): AdapterSlot[] {
  return weightShapes(config).flatMap(({ name, rows, columns: inputs, joined = [] }) => {
    const [, block, of] = /^blocks\.(\d+)\.((?:attention|mlp|convolution)\.\w+)\.weight$/.exec(name) ?? [];
    if (block === undefined || /Norm$|\.kernel$/.test(of)) return [];
    const modules = [names.modules[of]].flat();
    let firstOutput = 0;
    return modules.map((module, part): AdapterSlot => {
      const outputs = modules.length > 1 ? joined[part] : rows;
      const slot = { block: Number(block), linear: of as AdaptedLinear, firstOutput, outputs, inputs };
      firstOutput += outputs;
      return { slot, module, path: `${names.blocks}.${block}.${module}`, runs: names.rowRuns?.[module] };
    });
  });
}
