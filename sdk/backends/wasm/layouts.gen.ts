// Written by scripts/generate-kernel-layouts.mjs from wasm/kernels/. Do not edit.

/** Every struct: its bytes, the byte offset of each field, and which of them are f32; all others are i32 or addresses. */
export const structs = {
  Linear: {
    bytes: 20,
    offsets: {
      weights: 0,
      bias: 4,
      blocks: 8,
      K: 12,
      group: 16,
    },
    floats: [],
  },
  Layer: {
    bytes: 40,
    offsets: {
      norm1Weight: 0,
      norm1Bias: 4,
      qkv: 8,
      projection: 12,
      norm2Weight: 16,
      norm2Bias: 20,
      up: 24,
      down: 28,
      window: 32,
      attentionScale: 36,
    },
    floats: ['attentionScale'],
  },
  Model: {
    bytes: 256,
    offsets: {
      stages: 0,
      T: 4,
      position: 8,
      firstLayer: 12,
      lastLayer: 16,
      headFirst: 20,
      headCount: 24,
      wantedCount: 28,
      kv: 32,
      probabilities: 36,
      threads: 40,
      barrierCount: 44,
      barrierGeneration: 48,
      sleepers: 52,
      jobGeneration: 56,
      quit: 60,
      ready: 64,
      relaxed: 68,
      C: 72,
      V: 76,
      NH: 80,
      HS: 84,
      nInner: 88,
      activation: 92,
      postNorm: 96,
      epsilon: 100,
      layers: 104,
      tokenEmbedding: 108,
      positionEmbedding: 112,
      finalNormWeight: 116,
      finalNormBias: 120,
      head: 124,
      kvLayerBytes: 128,
      keyHeadBytes: 132,
      valueHeadBytes: 136,
      valueOffset: 140,
      keyScaleOffset: 144,
      valueScaleOffset: 148,
      scaleHeadBytes: 152,
      tokens: 156,
      sequencePositions: 160,
      wantedRows: 164,
      x: 168,
      cStride: 172,
      qkv: 176,
      qkvStride: 180,
      attention: 184,
      inner: 188,
      innerStride: 192,
      logits: 196,
      logitsStride: 200,
      normed: 204,
      contextStride: 208,
      areas: 212,
      areaBytes: 216,
      operandOffset: 220,
      operandScaleOffset: 224,
      operandSumOffset: 228,
      normedOffset: 232,
      activatedOffset: 236,
      scoresOffset: 240,
      weightsOffset: 244,
      queryOffset: 248,
      rowOffset: 252,
    },
    floats: ['epsilon'],
  },
} as const;

/** Bits of a job's `stages`. */
export const stage = { embed: 1, layers: 2, hidden: 4, logits: 8, wanted: 16 } as const;

/** Values of `activation`. */
export const activationCodes = { gelu_new: 0, gelu: 1, relu: 2, silu: 3, tanh: 4 } as const;

/** Rows of a packed matrix that lie in one block. */
export const blockRows = 16;

/** Bytes of the scales behind each group of a block: one bf16 a row. */
export const blockScaleBytes = 32;

/** Bytes that packing floats needs beside them: masks, largest values, a tile of 16 rows and 128 inputs. */
export const packScratchBytes = 8320;
