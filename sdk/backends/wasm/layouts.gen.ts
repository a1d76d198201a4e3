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
    bytes: 292,
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
      barrierCount: 48,
      barrierGeneration: 52,
      sleepers: 56,
      jobGeneration: 60,
      quit: 64,
      ready: 68,
      relaxed: 72,
      C: 76,
      V: 80,
      NH: 84,
      NKV: 88,
      HS: 92,
      nInner: 96,
      activation: 100,
      postNorm: 104,
      epsilon: 108,
      layers: 112,
      tokenEmbedding: 116,
      positionEmbedding: 120,
      finalNormWeight: 124,
      finalNormBias: 128,
      head: 132,
      rms: 136,
      parallelBlock: 140,
      gated: 144,
      jointNorm: 148,
      convolutionSize: 152,
      embeddingScale: 156,
      logitScale: 160,
      logitCap: 164,
      attentionCap: 168,
      tokens: 172,
      sequencePositions: 176,
      wantedRows: 180,
      x: 184,
      cStride: 188,
      qkv: 192,
      qkvStride: 196,
      attention: 200,
      attentionStride: 204,
      convolved: 208,
      inner: 212,
      innerStride: 216,
      innerRowStride: 220,
      logits: 224,
      logitsStride: 228,
      normed: 232,
      areas: 236,
      areaBytes: 240,
      operandOffset: 244,
      operandScaleOffset: 248,
      operandSumOffset: 252,
      normedOffset: 256,
      activatedOffset: 260,
      headOffset: 264,
      queryRowsOffset: 268,
      queryOffset: 272,
      outputsOffset: 276,
      scoresOffset: 280,
      wideOffset: 284,
      rowOffset: 288,
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

/** Bytes that packing floats needs beside them: masks, largest values, a tile of 16 rows and 128 inputs. */
export const packScratchBytes = 8320;

/** Most queries that go through keys and values together. */
export const attentionRows = 32;

/** Positions whose keys and values they take at once: those stay in the first-level cache. */
export const attentionPositions = 64;
