// Written by scripts/generate-kernel-layouts.mjs from wasm/kernels/. Do not edit.

/** Every struct: its bytes, the byte offset of each field, and which of them are f32; all others are i32 or addresses. */
export const structs = {
  Pair: {
    bytes: 32,
    offsets: {
      next: 0,
      inputs: 4,
      rank: 8,
      product: 12,
      firstBlock: 16,
      lastBlock: 20,
      a: 24,
      b: 28,
    },
    floats: [],
  },
  Linear: {
    bytes: 24,
    offsets: {
      weights: 0,
      bias: 4,
      blocks: 8,
      K: 12,
      group: 16,
      adapter: 20,
    },
    floats: [],
  },
  Layer: {
    bytes: 92,
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
      outputNorm1Weight: 40,
      outputNorm1Bias: 44,
      outputNorm2Weight: 48,
      outputNorm2Bias: 52,
      queryNorm: 56,
      keyNorm: 60,
      rotary: 64,
      rotarySize: 68,
      kernel: 72,
      kernelBias: 76,
      cache: 80,
      positions: 84,
      base: 88,
    },
    floats: ['attentionScale'],
  },
  Model: {
    bytes: 324,
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
      probabilitiesStride: 40,
      threads: 44,
      taken: 48,
      barrierCount: 52,
      barrierGeneration: 56,
      sleepers: 60,
      jobGeneration: 64,
      quit: 68,
      ready: 72,
      dividedTokens: 76,
      leastTokens: 80,
      partTokens: 84,
      relaxed: 88,
      C: 92,
      V: 96,
      NH: 100,
      NKV: 104,
      HS: 108,
      nInner: 112,
      activation: 116,
      postNorm: 120,
      epsilon: 124,
      layers: 128,
      tokenEmbedding: 132,
      positionEmbedding: 136,
      finalNormWeight: 140,
      finalNormBias: 144,
      head: 148,
      rms: 152,
      parallelBlock: 156,
      gated: 160,
      jointNorm: 164,
      convolutionSize: 168,
      embeddingScale: 172,
      logitScale: 176,
      logitCap: 180,
      attentionCap: 184,
      tokens: 188,
      sequencePositions: 192,
      wantedRows: 196,
      x: 200,
      cStride: 204,
      qkv: 208,
      qkvStride: 212,
      attention: 216,
      attentionStride: 220,
      convolved: 224,
      inner: 228,
      innerBytes: 232,
      innerStride: 236,
      innerRowStride: 240,
      logits: 244,
      logitsStride: 248,
      normed: 252,
      products: 256,
      productBytes: 260,
      productStride: 264,
      areas: 268,
      areaBytes: 272,
      operandOffset: 276,
      operandScaleOffset: 280,
      operandSumOffset: 284,
      normedOffset: 288,
      activatedOffset: 292,
      headOffset: 296,
      queryRowsOffset: 300,
      queryOffset: 304,
      outputsOffset: 308,
      scoresOffset: 312,
      wideOffset: 316,
      rowOffset: 320,
    },
    floats: ['epsilon','embeddingScale','logitScale','logitCap','attentionCap'],
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

/** Bytes of the sums behind them in q8: one i16 a row. */
export const blockSumBytes = 32;

/** Bytes that packing floats needs beside them: masks, largest values, a tile of 16 rows and 128 inputs. */
export const packScratchBytes = 8320;

/** Most queries that go through keys and values together. */
export const attentionRows = 32;

/** Bytes of what is known of one of them, see attention-row.ts. */
export const attentionRowBytes = 48;

/** Positions whose keys and values they take at once: those stay in the first-level cache. */
export const attentionPositions = 64;
