import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelConfig } from '../model/config.ts';
import { paperConfig } from '../model/paper-config.ts';
import { weightShapes } from '../model/weight-shapes.ts';
import type { CreateEngineBuilder, ForwardResult } from './engine.ts';
import { createReferenceEngineBuilder } from './reference/index.ts';
import { createWasmEngineBuilder } from './wasm/index.ts';

// A real checkpoint that sorts letters, with every intermediate value of one pass; absent on a user's machine.
const folder = '../shared/data/golden/gpt-nano-sort';

interface Tensor {
  readonly shape: number[];
  readonly data: Float32Array;
}

function readTensors(file: string): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  for (const [name, value] of Object.entries<{ shape?: number[]; data?: string }>(
    JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')),
  )) {
    if (!value.shape || !value.data) continue;
    const bytes = Uint8Array.from(Buffer.from(value.data, 'base64'));
    tensors.set(name, { shape: value.shape, data: new Float32Array(bytes.buffer) });
  }
  return tensors;
}

const config: ModelConfig = {
  ...paperConfig({ nLayer: 3, nHead: 3, nEmbd: 48, nCtx: 11 }),
  architecture: 'gpt2',
  nLayer: 3,
  nHead: 3,
  nEmbd: 48,
  nInner: 192,
  nCtx: 11,
  vocabSize: 3,
  activation: 'gelu_new',
  normEpsilon: 1e-5,
  normPlacement: 'pre',
  finalNorm: true,
  attentionWindow: [0, 0, 0],
  attentionScale: [0.25, 0.25, 0.25],
  tiedHead: false,
  eosTokenIds: [],
};

/** minGPT's name of a canonical weight; its matrices are (outputs, inputs). */
function minGptName(name: string): string {
  const names: Record<string, string> = {
    tokenEmbedding: 'transformer.wte.weight',
    positionEmbedding: 'transformer.wpe.weight',
    'head.weight': 'lm_head.weight',
  };
  return (
    names[name] ??
    `transformer.${name}`
      .replace('blocks.', 'h.')
      .replace('norm1', 'ln_1')
      .replace('norm2', 'ln_2')
      .replace('attention.qkv', 'attn.c_attn')
      .replace('attention.projection', 'attn.c_proj')
      .replace('mlp.up', 'mlp.c_fc')
      .replace('mlp.down', 'mlp.c_proj')
      .replace('finalNorm', 'ln_f')
  );
}

const engines: [string, CreateEngineBuilder][] = [
  ['reference', createReferenceEngineBuilder],
  ['wasm', createWasmEngineBuilder],
];

describe.skipIf(!existsSync(folder)).each(engines)(
  'gpt-nano-sort on the %s engine reproduces what was recorded',
  (_, createBuilder) => {
    let recorded: Map<string, Tensor>;
    const results: ForwardResult[] = [];
    const [B, T, C, V, NH] = [3, 11, 48, 3, 3];

    beforeAll(async () => {
      const weights = readTensors('gpt-nano-sort-model.json');
      recorded = readTensors('gpt-nano-sort-t0-partials.json');
      const builder = await createBuilder(config, { dtype: 'f32' });
      for (const { name, rows, columns } of weightShapes(config)) {
        const { data } = weights.get(minGptName(name)) as Tensor;
        expect(data.length, name).toBe(rows * columns);
        await builder.setTensor({ name, rowOffset: 0, rows, columns, rowStride: columns, columnStride: 1, data });
      }
      const engine = await builder.finish();
      const ids = (recorded.get('idx') as Tensor).data;
      for (let b = 0; b < B; b++) {
        const row = Uint32Array.from(ids.subarray(b * T, (b + 1) * T));
        results.push(await engine.forward(row, 0, { logits: 'all', inspect: true }));
      }
      await engine.dispose();
    });

    /** Compares each row's part of a recorded (B, n) value with what `pick` takes from a result. */
    function compare(name: string, size: number, pick: (result: ForwardResult) => Float32Array): void {
      const { data } = recorded.get(name) as Tensor;
      let worst = 0;
      results.forEach((result, b) => {
        const ours = pick(result);
        expect(ours.length).toBe(size);
        for (let i = 0; i < size; i++) worst = Math.max(worst, Math.abs(ours[i] - data[b * size + i]));
      });
      expect(worst, `${name}: largest difference`).toBeLessThan(1e-4);
    }

    it('embeddings', () =>
      compare('x', T * C, ({ hiddenStates }) => (hiddenStates as Float32Array).subarray(0, T * C)));
    it('attention of the first block', () =>
      compare('attSm', NH * T * T, ({ attention }) => (attention as Float32Array).subarray(0, NH * T * T)));
    it('first block', () =>
      compare('block0', T * C, ({ hiddenStates }) => (hiddenStates as Float32Array).subarray(T * C, 2 * T * C)));
    it('second block', () =>
      compare('block1', T * C, ({ hiddenStates }) => (hiddenStates as Float32Array).subarray(2 * T * C, 3 * T * C)));
    it('final norm', () =>
      compare('ln_f', T * C, ({ hiddenStates }) => (hiddenStates as Float32Array).subarray(3 * T * C, 4 * T * C)));
    it('logits', () => compare('lm_head', T * V, ({ logits }) => logits as Float32Array));
  },
);
