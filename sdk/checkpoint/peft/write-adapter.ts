import type { LoraPair } from '../../model/adapter.ts';
import type { ModelConfig } from '../../model/config.ts';
import type { FamilyFiles } from '../../model/families/model-family.ts';
import { encodeSafetensors, type FloatTensor } from '../encode-safetensors.ts';
import { plainNames } from '../file-naming.ts';
import { slotModule } from './slot-module.ts';

/** What PEFT's files say of an adapter. */
export interface PeftAdapter {
  /** All of one rank. */
  readonly pairs: readonly LoraPair[];
  readonly rank: number;
  readonly alpha: number;
  readonly dropout: number;
  /** With the head that is trained beside the pairs, where there is one. */
  readonly config: ModelConfig;
  readonly family: FamilyFiles;
  /** As the hub's classes have it: weight (K, C), bias (K). */
  readonly head?: { readonly weight: Float32Array; readonly bias?: Float32Array };
  /** What it was trained on, by a name of the hub's. */
  readonly base?: string;
}

const taskTypes = {
  'sequence-classification': 'SEQ_CLS',
  'multiple-choice': 'SEQ_CLS',
  'token-classification': 'TOKEN_CLS',
} as const;

/**
 * Low-rank pairs as the files that PEFT writes; a head stands among them under its own name, as that of a module to save.
 * Format: https://huggingface.co/docs/peft/developer_guides/checkpoint
 */
export function peftFiles(adapter: PeftAdapter): {
  readonly config: Readonly<Record<string, unknown>>;
  readonly weights: Uint8Array<ArrayBuffer>;
} {
  const { pairs, config, family, head } = adapter;
  const { tensorNames } = family;
  const modules = new Set<string>();
  const tensors: FloatTensor[] = [];
  for (const pair of pairs) {
    const { a, b, rank, outputs, inputs } = pair;
    const module = slotModule(pair, config, tensorNames);
    modules.add(module);
    const path = `base_model.model.${tensorNames.body}${tensorNames.blocks}.${pair.block}.${module}`;
    const runs = tensorNames.rowRuns?.[module] ?? [{ from: 0, step: 1, count: outputs, to: 0 }];
    tensors.push({ name: `${path}.lora_A.weight`, shape: [rank, inputs], write: (into) => into.set(a) });
    tensors.push({
      name: `${path}.lora_B.weight`,
      shape: [outputs, rank],
      write: (into) => {
        for (const { from, step, count, to } of runs)
          for (let i = 0; i < count; i++)
            into.set(b.subarray((to + i) * rank, (to + i + 1) * rank), (from + i * step) * rank);
      },
    });
  }
  const headNames = head && config.head ? plainNames('score', config, tensorNames) : [];
  for (const { module } of headNames) {
    const { weight, bias } = head as NonNullable<typeof head>;
    const K = config.head?.labels.length ?? 0;
    const path = `base_model.model.${module}`;
    tensors.push({ name: `${path}.weight`, shape: [K, config.nEmbd], write: (into) => into.set(weight) });
    if (bias) tensors.push({ name: `${path}.bias`, shape: [K], write: (into) => into.set(bias) });
  }
  return {
    config: {
      peft_type: 'LORA',
      task_type: config.head && head ? taskTypes[config.head.kind] : 'CAUSAL_LM',
      base_model_name_or_path: adapter.base ?? null,
      r: adapter.rank,
      lora_alpha: adapter.alpha,
      lora_dropout: adapter.dropout,
      target_modules: [...modules],
      modules_to_save: headNames.length > 0 ? headNames.map(({ module }) => module) : null,
      bias: 'none',
      fan_in_fan_out: tensorNames.conv1d,
      use_rslora: false,
      inference_mode: true,
    },
    weights: encodeSafetensors(tensors),
  };
}
