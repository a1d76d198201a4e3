import { GptletError } from '../../errors/gptlet-error.ts';
import type { ForwardOptions, ForwardResult } from '../engine.ts';
import type { KvCache } from './kv-cache.ts';
import { roundUp } from './kv-layout.ts';
import { stage } from './layouts.gen.ts';
import { growModelMemory, outOfMemory } from './model-memory.ts';
import type { WasmModel } from './wasm-model.ts';

/** Most tokens at once when attention is kept. */
const inspectTokens = 4;

/** Writes logits and final hidden states of tokens first … first + count - 1 to their places in `out`. */
type RunHead = (first: number, count: number, out: { logits?: Float32Array; hidden?: Float32Array }) => Promise<void>;

/** The slow way through the layers: one at a time, a few tokens at a time, keeping what is usually thrown away. */
export async function inspect(
  model: WasmModel,
  cache: KvCache,
  tokenIds: Uint32Array,
  position: number,
  options: ForwardOptions,
  runHead: RunHead,
): Promise<ForwardResult> {
  if (position !== 0) throw new GptletError('INVALID_OPTION', `inspect needs position 0, not ${position}.`);
  const { logits = 'last', hidden = 'none', slot = 0 } = options;
  const { layout, config } = model;
  const { nLayer, nHead, nEmbd: C, vocabSize: V } = config;
  const T = tokenIds.length;
  const attention = new Float32Array(nLayer * nHead * T * T);
  const hiddenStates = new Float32Array((nLayer + 1) * T * C);
  const finals = { logits: logits === 'none' ? undefined : new Float32Array(T * V), hidden: new Float32Array(T * C) };
  cache.enter(slot, 0, T);
  // Behind the slots, for as long as this takes.
  const probabilities = roundUp(cache.end, 64);
  const probabilitiesStride = roundUp(T, 16);
  const end = probabilities + nHead * inspectTokens * probabilitiesStride * 4;
  if (!growModelMemory(model.memory, end)) throw outOfMemory(end, 'inspecting this text', 'Inspect a shorter one.');
  for (let first = 0; first < T; first += inspectTokens) {
    const n = Math.min(inspectTokens, T - first);
    cache.enter(slot, first, n);
    model.setTokens(first, tokenIds.subarray(first, first + n));
    model.run({ stages: stage.embed, T: n, position: first });
    for (let layer = 0; layer < nLayer; layer++) {
      for (let t = 0; t < n; t++) {
        hiddenStates.set(model.floats(layout.buffers.x + t * layout.cStride * 4, C), (layer * T + first + t) * C);
      }
      const job = { T: n, position: first, firstLayer: layer, lastLayer: layer + 1 };
      model.run({ stages: stage.layers, ...job, probabilities, probabilitiesStride });
      if (config.blockKind[layer] !== 'attention') continue;
      for (let head = 0; head < nHead; head++) {
        for (let t = 0; t < n; t++) {
          const row = probabilities + (head * n + t) * probabilitiesStride * 4;
          attention.set(model.floats(row, first + t + 1), ((layer * nHead + head) * T + first + t) * T);
        }
      }
    }
    await runHead(first, n, finals);
  }
  // The last hidden state is the one after the final norm.
  hiddenStates.set(finals.hidden, nLayer * T * C);
  const rowsOf = (all: Float32Array, which: 'last' | 'all', width: number): Float32Array =>
    which === 'all' ? all : all.slice((T - 1) * width);
  return {
    ...(finals.logits && logits !== 'none' ? { logits: rowsOf(finals.logits, logits, V) } : {}),
    ...(hidden !== 'none' ? { hidden: rowsOf(finals.hidden, hidden, C) } : {}),
    attention,
    hiddenStates,
  };
}
