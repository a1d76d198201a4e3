import { contextTokens, vocabSize } from './sizes.js';

/** Values of one block of noise; a prime, so that rows do not repeat. */
const blockValues = 1_000_003;

/**
 * A checkpoint made in place, as the files a visitor would drop: config.json and model.safetensors in bf16. The weights file is
 * one block of seeded noise named again and again, so however large it is, it takes two megabytes of memory.
 *
 * @param {import('./sizes.js').Size} size
 * @returns {import('gptlet').ModelFiles}
 */
export function makeModel({ nLayer, nHead, nEmbd: C }) {
  const config = {
    model_type: 'gpt2',
    architectures: ['GPT2LMHeadModel'],
    n_layer: nLayer,
    n_head: nHead,
    n_embd: C,
    n_positions: contextTokens,
    vocab_size: vocabSize,
  };
  const [noise, ones] = [new Blob([bf16Noise()]), new Blob([bf16Ones(C)])];
  /** @type {Record<string, { dtype: string, shape: number[], data_offsets: number[] }>} */
  const header = {};
  /** @type {Blob[]} */
  const weights = [];
  let end = 0;
  for (const [name, ...shape] of tensors(nLayer, C)) {
    const begin = end;
    end += 2 * shape.reduce((product, length) => product * length);
    header[name] = { dtype: 'BF16', shape, data_offsets: [begin, end] };
    const source = /ln_\w+\.weight$/.test(name) ? ones : noise;
    for (let at = begin; at < end; at += source.size) weights.push(source.slice(0, Math.min(source.size, end - at)));
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = new DataView(new ArrayBuffer(8));
  length.setBigUint64(0, BigInt(text.length), true);
  return {
    'config.json': new Blob([JSON.stringify(config)]),
    'model.safetensors': new Blob([length, text, ...weights]),
  };
}

/** Names and shapes, as in GPT-2's checkpoints. @returns {[name: string, ...shape: number[]][]} */
function tensors(/** @type {number} */ nLayer, /** @type {number} */ C) {
  /** @type {[string, ...number[]][]} */
  const layer = [
    ['ln_1.weight', C],
    ['ln_1.bias', C],
    ['attn.c_attn.weight', C, 3 * C],
    ['attn.c_attn.bias', 3 * C],
    ['attn.c_proj.weight', C, C],
    ['attn.c_proj.bias', C],
    ['ln_2.weight', C],
    ['ln_2.bias', C],
    ['mlp.c_fc.weight', C, 4 * C],
    ['mlp.c_fc.bias', 4 * C],
    ['mlp.c_proj.weight', 4 * C, C],
    ['mlp.c_proj.bias', C],
  ];
  return [
    ['wte.weight', vocabSize, C],
    ['wpe.weight', contextTokens, C],
    ...Array.from({ length: nLayer }, (_, i) => i).flatMap((i) =>
      layer.map(([name, ...shape]) => /** @type {[string, ...number[]]} */ ([`h.${i}.${name}`, ...shape])),
    ),
    ['ln_f.weight', C],
    ['ln_f.bias', C],
  ];
}

/** Within ±0.05: what weights of GPT-2 mostly are. bf16 is the upper half of a float. */
function bf16Noise() {
  let state = 1;
  const floats = Float32Array.from({ length: blockValues }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 31 - 1) * 0.05;
  });
  return upperHalves(floats);
}

const bf16Ones = (/** @type {number} */ length) => upperHalves(new Float32Array(length).fill(1));

const upperHalves = (/** @type {Float32Array<ArrayBuffer>} */ floats) =>
  Uint16Array.from(new Uint32Array(floats.buffer), (bits) => bits >>> 16);
