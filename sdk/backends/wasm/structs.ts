// The structs of wasm/kernels/structs.ts, field by field in the same order (a test compares the two files).
// Every field takes four bytes.

export const linearFields = ['weights', 'bias', 'blocks', 'K', 'group'] as const;

export const layerFields = [
  'norm1Weight',
  'norm1Bias',
  'qkv',
  'projection',
  'norm2Weight',
  'norm2Bias',
  'up',
  'down',
  'window',
  'attentionScale',
] as const;

export const modelFields = [
  'stages',
  'T',
  'position',
  'firstLayer',
  'lastLayer',
  'headFirst',
  'headCount',
  'rowCount',
  'kv',
  'probabilities',
  'threads',
  'barrierCount',
  'barrierGeneration',
  'sleepers',
  'jobGeneration',
  'quit',
  'ready',
  'relaxed',
  'C',
  'V',
  'NH',
  'HS',
  'nInner',
  'activation',
  'postNorm',
  'epsilon',
  'layers',
  'tokenEmbedding',
  'positionEmbedding',
  'finalNormWeight',
  'finalNormBias',
  'head',
  'kvLayerBytes',
  'keyHeadBytes',
  'valueHeadBytes',
  'valueOffset',
  'keyScaleOffset',
  'valueScaleOffset',
  'scaleHeadBytes',
  'tokens',
  'places',
  'rows',
  'x',
  'cStride',
  'qkv',
  'qkvStride',
  'attention',
  'inner',
  'innerStride',
  'logits',
  'logitsStride',
  'normed',
  'probabilityStride',
  'areas',
  'areaBytes',
  'operandOffset',
  'operandScaleOffset',
  'operandSumOffset',
  'normedOffset',
  'activatedOffset',
  'scoresOffset',
  'weightsOffset',
  'queryOffset',
  'rowOffset',
] as const;

const floatFields: readonly string[] = ['attentionScale', 'epsilon'];

export type ModelField = (typeof modelFields)[number];

/** Bytes of a struct with these fields. */
export const structBytes = (fields: readonly string[]): number => fields.length * 4;

/** Writes a struct, or the given part of it, at `address`. */
export function writeStruct<F extends string>(
  memory: WebAssembly.Memory,
  address: number,
  fields: readonly F[],
  values: { readonly [field in F]?: number },
): void {
  const view = new DataView(memory.buffer, address, structBytes(fields));
  fields.forEach((field, index) => {
    const value = values[field];
    if (value === undefined) return;
    if (floatFields.includes(field)) view.setFloat32(index * 4, value, true);
    else view.setUint32(index * 4, value, true);
  });
}
