import { randomFloats, randomTensors } from '../../backends/wasm/testing/random-model.ts';
import { type AdaptedLinear, type LoraSlot, loraNames } from '../../model/adapter.ts';
import type { ModelConfig } from '../../model/config.ts';
import type { TensorPart } from '../../model/tensor.ts';
import { weightShapes } from '../../model/weight-shapes.ts';
import { seededRandom } from '../../platform/seeded-random.ts';
import type { PlanOptions } from '../graph/plan-options.ts';
import { rotaryTables } from '../graph/rotary-tables.ts';

/** Everything that an executor of a plan is given at first, random: weights, low-rank pairs, tables. */
export function firstTensors({ config, method, mostTokens }: PlanOptions, seed: number): TensorPart[] {
  const random = seededRandom(seed);
  const pairs = (method.kind === 'lora' ? method.slots : []).flatMap((slot) => {
    const { a, b } = loraNames(slot);
    return [
      matrix(a, method.kind === 'lora' ? method.rank : 0, slot.inputs),
      matrix(b, slot.outputs, method.kind === 'lora' ? method.rank : 0),
    ];
  });
  return [...randomTensors(config, seed), ...pairs, ...rotaryTables(config, mostTokens)];

  function matrix(name: string, rows: number, columns: number): TensorPart {
    const data = randomFloats(random, rows * columns, 1 / Math.sqrt(columns));
    return { name, rowOffset: 0, rows, columns, rowStride: columns, columnStride: 1, data };
  }
}

/** Pairs on the matrices that `wanted` picks; queries, keys and values apart where `apart` says so. */
export function loraSlots(
  config: ModelConfig,
  wanted: (block: number, linear: AdaptedLinear) => boolean,
  apart: boolean,
): LoraSlot[] {
  return weightShapes(config).flatMap(({ name, rows, columns: inputs, joined, isVector }) => {
    const [, block, linear] = /^blocks\.(\d+)\.((?:attention|mlp|convolution)\.\w+)\.weight$/.exec(name) ?? [];
    if (!linear || isVector || linear === 'convolution.kernel' || linear.endsWith('Norm')) return [];
    if (!wanted(Number(block), linear as AdaptedLinear)) return [];
    let firstOutput = 0;
    return (apart && joined ? joined : [rows]).map((outputs) => {
      const slot = { block: Number(block), linear: linear as AdaptedLinear, firstOutput, outputs, inputs };
      firstOutput += outputs;
      return slot;
    });
  });
}
