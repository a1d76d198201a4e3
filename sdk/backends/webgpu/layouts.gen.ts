// Written by scripts/generate-shaders.mjs from shaders/. Do not edit.

/** Number and type of every binding of group 0, by file and variable. */
export const bindingLayouts: Readonly<Record<string, Readonly<Record<string, readonly [number, GPUBufferBindingType]>>>> = {
  argmax: { run: [0, 'storage'], logits: [4, 'read-only-storage'], chosen: [7, 'storage'] },
  'attention-direct': { q: [4, 'read-only-storage'], y: [7, 'storage'] },
  attention: { q: [4, 'read-only-storage'], stats: [5, 'storage'], y: [7, 'storage'] },
  candidates: { logits: [4, 'read-only-storage'], found: [7, 'storage'] },
  embed: { positions: [4, 'read-only-storage'], y: [7, 'storage'] },
  'matmul-direct': { x: [4, 'read-only-storage'] },
  matmul: { x: [4, 'read-only-storage'] },
  'parts/attention-settings': { settings: [1, 'uniform'] },
  'parts/input-attention': { x: [4, 'read-only-storage'], stats: [5, 'read-only-storage'] },
  'parts/input-plain': { x: [4, 'read-only-storage'] },
  'parts/kv-read-f16': { kv_cache: [6, 'read-only-storage'] },
  'parts/kv-read-f32': { kv_cache: [6, 'read-only-storage'] },
  'parts/kv-write-f16': { kv_cache: [6, 'storage'] },
  'parts/kv-write-f32': { kv_cache: [6, 'storage'] },
  'parts/norm-rows': { x: [4, 'read-only-storage'], normed: [5, 'storage'] },
  'parts/params': { params: [1, 'read-only-storage'] },
  'parts/run': { run: [0, 'read-only-storage'] },
  'parts/scales': { scales: [3, 'read-only-storage'] },
  'parts/store-activation': { y: [7, 'storage'] },
  'parts/store-logits': { y: [7, 'storage'] },
  'parts/store-qkv': { y: [7, 'storage'] },
  'parts/store-residual': { residual: [6, 'read-only-storage'], y: [7, 'storage'] },
  'parts/weights-f16': { weights: [2, 'read-only-storage'] },
  'parts/weights-f32': { weights: [2, 'read-only-storage'] },
  'parts/weights-q4': { weights: [2, 'read-only-storage'] },
  'parts/weights-q8': { weights: [2, 'read-only-storage'] },
};

/** Byte offsets of the members of every struct. */
export const structOffsets = {
  Run: { position: 0, count: 4, row: 8, step: 12, tokens: 16 },
  Settings: { window: 0, scale: 4 },
} as const;
