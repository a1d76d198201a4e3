import { GptletError } from '../../errors/gptlet-error.ts';
import type { Adapter, AdapterHead, LoraPair } from '../../model/adapter.ts';
import type { ModelConfig } from '../../model/config.ts';
import { tensorNamesOf } from '../../model/families/family-of.ts';
import { encodeSafetensorsHeader } from '../encode-safetensors-header.ts';
import { type AdapterSlot, adapterSlots } from './adapter-slots.ts';

/** An adapter's files by their names in PEFT's layout. */
export type AdapterFiles = Readonly<
  Record<'adapter_config.json' | 'adapter_model.safetensors', Uint8Array<ArrayBuffer>>
>;

export interface WriteAdapterOptions {
  /** The classifier's head that was trained with it; `config.head` says of which kind it is. */
  readonly head?: AdapterHead;
  /** The hub id of the model that it is for. */
  readonly baseModel?: string;
  /** PEFT's name of what it was trained for. @default of the head, else 'CAUSAL_LM' */
  readonly taskType?: string;
  /** Of its training. @default 0 */
  readonly dropout?: number;
}

/**
 * Writes an adapter as PEFT does, for its readers and for `loadAdapter`. Tensors are f32.
 *
 * @throws GptletError INVALID_OPTION for a pair that stands on other rows than a layer of the hub's class has (see {@link adapterSlots})
 */
export function writeAdapter(config: ModelConfig, adapter: Adapter, options: WriteAdapterOptions = {}): AdapterFiles {
  const names = tensorNamesOf(config);
  const slots = adapterSlots(config, names);
  const pairs = adapter.pairs.map((pair) => ({ pair, slot: slotOf(slots, pair) }));
  if (pairs.length === 0)
    throw new GptletError('INVALID_OPTION', 'The adapter has no pairs; there is nothing to write.');
  const headName = names.heads[config.head?.kind ?? 'sequence-classification'];
  const { head, baseModel, dropout = 0 } = options;
  const tasks = {
    'sequence-classification': 'SEQ_CLS',
    'token-classification': 'TOKEN_CLS',
    'multiple-choice': undefined,
  };
  const taskType = options.taskType ?? (head ? tasks[config.head?.kind ?? 'sequence-classification'] : 'CAUSAL_LM');
  const [rank, alpha] = [usual(pairs.map(({ pair }) => pair.rank)), usual(pairs.map(({ pair }) => alphaOf(pair)))];
  const said = {
    peft_type: 'LORA',
    task_type: taskType ?? null,
    base_model_name_or_path: baseModel ?? null,
    r: rank,
    lora_alpha: alpha,
    lora_dropout: dropout,
    target_modules: targetsOf(
      slots,
      pairs.map(({ slot }) => slot),
    ),
    fan_in_fan_out: names.conv1d,
    bias: 'none',
    rank_pattern: patternOf(pairs, rank, ({ rank: own }) => own),
    alpha_pattern: patternOf(pairs, alpha, alphaOf),
    modules_to_save: head ? [headName] : null,
    inference_mode: true,
    init_lora_weights: true,
    use_rslora: false,
    use_dora: false,
  };
  const prefix = 'base_model.model.';
  const tensors = pairs.flatMap(({ pair, slot }) => [
    { name: `${prefix}${names.body}${slot.path}.lora_A.weight`, shape: [pair.rank, pair.inputs], data: pair.a },
    {
      name: `${prefix}${names.body}${slot.path}.lora_B.weight`,
      shape: [pair.outputs, pair.rank],
      data: storedRows(pair, slot),
    },
  ]);
  if (head) {
    tensors.push({
      name: `${prefix}${headName}.weight`,
      shape: [head.weight.length / config.nEmbd, config.nEmbd],
      data: head.weight,
    });
    if (head.bias) tensors.push({ name: `${prefix}${headName}.bias`, shape: [head.bias.length], data: head.bias });
  }
  return {
    'adapter_config.json': new TextEncoder().encode(`${JSON.stringify(said, null, 2)}\n`),
    'adapter_model.safetensors': encodeTensors(tensors),
  };
}

function slotOf(slots: readonly AdapterSlot[], { block, linear, firstOutput, outputs }: LoraPair): AdapterSlot {
  const found = slots.find(
    ({ slot }) =>
      slot.block === block && slot.linear === linear && slot.firstOutput === firstOutput && slot.outputs === outputs,
  );
  if (found) return found;
  throw new GptletError(
    'INVALID_OPTION',
    `The adapter has a pair on rows ${firstOutput} to ${firstOutput + outputs - 1} of blocks.${block}.${linear}, which is no layer of its own in files of this family.`,
  );
}

/** PEFT's scale is alpha / rank. */
const alphaOf = ({ scale, rank }: LoraPair): number => scale * rank;

/** The most frequent value. */
function usual(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, each) => (each[1] > best[1] ? each : best))[0];
}

function patternOf(
  pairs: readonly { pair: LoraPair; slot: AdapterSlot }[],
  all: number,
  of: (pair: LoraPair) => number,
): Record<string, number> {
  return Object.fromEntries(
    pairs.filter(({ pair }) => of(pair) !== all).map(({ pair, slot }) => [slot.path, of(pair)]),
  );
}

/** Names of modules where all of a name are adapted, else whole paths. */
function targetsOf(slots: readonly AdapterSlot[], adapted: readonly AdapterSlot[]): string[] {
  const count = (list: readonly AdapterSlot[], module: string): number =>
    list.filter((slot) => slot.module === module).length;
  const names = adapted.map(({ module, path }) => (count(adapted, module) === count(slots, module) ? module : path));
  return [...new Set(names)];
}

/** The rows of b as the hub's layer has them. */
function storedRows({ b, rank }: LoraPair, { runs }: AdapterSlot): Float32Array {
  if (!runs) return b;
  const stored = new Float32Array(b.length);
  for (const { from, step, count, to } of runs) {
    for (let i = 0; i < count; i++) {
      const row = (to + i) * rank;
      stored.set(b.subarray(row, row + rank), (from + i * step) * rank);
    }
  }
  return stored;
}

function encodeTensors(
  tensors: readonly { readonly name: string; readonly shape: readonly number[]; readonly data: Float32Array }[],
): Uint8Array<ArrayBuffer> {
  const { header, dataBytes } = encodeSafetensorsHeader(
    { format: 'pt' },
    tensors.map((tensor) => ({ ...tensor, type: 'F32' })),
  );
  const file = new Uint8Array(header.length + dataBytes);
  file.set(header);
  let at = header.length;
  for (const { data } of tensors) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}
