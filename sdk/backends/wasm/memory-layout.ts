import type { ModelConfig } from '../../model/config.ts';
import { type WeightShape, weightShapes } from '../../model/weight-shapes.ts';
import { quantisedGroup } from '../../quantising/quantised-rows.ts';
import { type KvLayout, planKvCache, roundUp } from './kv-layout.ts';
import { blockRows, blockScaleBytes, packScratchBytes, structs } from './layouts.gen.ts';
import type { ModelFields } from './structs.ts';

/** What this engine can hold weights in. */
export type WasmDtype = 'f32' | 'q8' | 'q4';

/** Most tokens that go through the layers at once; the packed activations of that many fit into a second-level cache. */
const chunkTokens = 128;
/** Most tokens whose logits are made at once: (16, V) is 3 MB at 50,257 entries. */
export const headTokens = 16;
/** Most tokens at once when attention is kept for inspection. */
export const inspectTokens = 4;
/** Largest piece of a checkpoint copied into memory at once. It lies where the key-value cache will be. */
const largestStaging = 16 * 2 ** 20;

/** A matrix as the kernels see it: where it lies, and its padded size. */
export interface PackedMatrix {
  readonly kind: 'matrix';
  readonly shape: WeightShape;
  readonly struct: number;
  readonly weights: number;
  readonly bias: number;
  readonly blocks: number;
  readonly K: number;
  readonly group: number;
}

/** f32 rows, `stride` floats apart. */
export interface PlainRows {
  readonly kind: 'rows';
  readonly shape: WeightShape;
  readonly address: number;
  readonly stride: number;
}

/** Where everything of one model lies in its memory. Addresses and sizes in bytes, strides in floats. */
export interface MemoryLayout {
  readonly model: number;
  readonly layers: number;
  readonly layerStructs: readonly number[];
  readonly weights: ReadonlyMap<string, PackedMatrix | PlainRows>;
  readonly weightBytes: number;
  readonly scratch: number;
  readonly scratchBytes: number;
  readonly buffers: Readonly<Record<BufferName, number>>;
  readonly areaBytes: number;
  readonly areaOffsets: ModelFields;
  readonly cStride: number;
  readonly qkvStride: number;
  readonly innerStride: number;
  readonly logitsStride: number;
  readonly contextStride: number;
  readonly staging: number;
  readonly stagingBytes: number;
  readonly kv: KvLayout;
  /** Address of the first slot; the others follow at `kv.slotBytes`. */
  readonly slots: number;
  /** Most tokens that go through the layers at once. */
  readonly mostTokens: number;
  /** Bytes of memory that the model needs with one slot. */
  readonly totalBytes: number;
}

type BufferName =
  | 'tokens'
  | 'sequencePositions'
  | 'wantedRows'
  | 'x'
  | 'qkv'
  | 'attention'
  | 'inner'
  | 'logits'
  | 'normed'
  | 'probabilities'
  | 'areas';

/** Hands out addresses one after another, each on a cache line. */
class Cursor {
  at: number;
  constructor(start: number) {
    this.at = start;
  }
  take(bytes: number): number {
    const address = this.at;
    this.at = roundUp(address + bytes, 64);
    return address;
  }
}

/** Bytes of one block of rows of a packed matrix, as wasm/kernels/pack.ts has it. */
function blockBytes(dtype: WasmDtype, K: number, group: number): number {
  const weights = (blockRows * K * { f32: 32, q8: 8, q4: 4 }[dtype]) / 8;
  return group ? weights + (K / group) * blockScaleBytes : weights;
}

/** Plans the memory of a model before any of it exists, so that it is allocated once and in the right size. */
export function planMemory(config: ModelConfig, dtype: WasmDtype, threads: number): MemoryLayout {
  const { nEmbd, nInner, nCtx, nHead, nLayer, vocabSize } = config;
  const cursor = new Cursor(4096);
  const model = cursor.take(structs.Model.bytes);
  const layers = cursor.take(nLayer * 4);
  const layerStructs = Array.from({ length: nLayer }, () => cursor.take(structs.Layer.bytes));
  const cStride = roundUp(nEmbd, 64);
  const innerStride = roundUp(nInner, 64);
  const weights = new Map<string, PackedMatrix | PlainRows>();
  const shapes = weightShapes(config).filter(({ name }) => !name.startsWith('score.'));
  const noBias = cursor.take(roundUp(Math.max(...shapes.map(({ rows }) => rows)), blockRows) * 4);
  for (const shape of shapes) {
    if (shape.isExact) {
      const stride = shape.isVector ? roundUp(shape.columns, 64) : cStride;
      weights.set(shape.name, { kind: 'rows', shape, address: cursor.take(shape.rows * stride * 4), stride });
    }
  }
  for (const shape of shapes) {
    if (weights.has(shape.name)) continue;
    const group = dtype === 'f32' ? 0 : quantisedGroup(dtype, shape.columns);
    const K = roundUp(shape.columns, group || 4);
    const blocks = Math.ceil(shape.rows / blockRows);
    const bias = weights.get(shape.name.replace('.weight', '.bias'));
    weights.set(shape.name, {
      kind: 'matrix',
      shape,
      struct: cursor.take(structs.Linear.bytes),
      weights: cursor.take(blocks * blockBytes(dtype, K, group)),
      bias: bias?.kind === 'rows' ? bias.address : noBias,
      blocks,
      K,
      group,
    });
  }
  const weightBytes = cursor.at - 4096;

  const scratch = cursor.at;
  const qkvStride = roundUp(3 * nEmbd, 16);
  const logitsStride = roundUp(vocabSize, 16);
  const contextStride = roundUp(nCtx, 16);
  const T = Math.min(chunkTokens, roundUp(nCtx, 4));
  const widest = Math.max(cStride, innerStride);
  const buffers = {
    tokens: cursor.take(T * 4),
    sequencePositions: cursor.take(T * 4),
    wantedRows: cursor.take(T * 4),
    x: cursor.take(T * cStride * 4),
    qkv: cursor.take(T * qkvStride * 4),
    attention: cursor.take(T * cStride * 4),
    // While loading, what packing needs.
    inner: cursor.take(Math.max(T * innerStride * 4, packScratchBytes)),
    logits: cursor.take(Math.min(headTokens, T) * logitsStride * 4),
    normed: cursor.take(T * cStride * 4),
    probabilities: cursor.take(nHead * inspectTokens * contextStride * 4),
    areas: cursor.at,
  };
  const area = new Cursor(0);
  const areaOffsets: ModelFields = {
    operandOffset: area.take(T * widest * (dtype === 'f32' ? 4 : 2)),
    // A last tile may be of three tokens more than there are.
    operandScaleOffset: area.take((T + 3) * (widest / 32) * 4),
    operandSumOffset: area.take((T + 3) * (widest / 32) * 4),
    normedOffset: area.take(cStride * 4),
    activatedOffset: area.take(innerStride * 4),
    scoresOffset: area.take(contextStride * 4),
    weightsOffset: area.take((contextStride / 16) * 36),
    queryOffset: area.take(roundUp(config.headSize, 16) * 8),
    rowOffset: area.take(Math.max(widest * 2, 6 * 8 * 4)),
  };
  cursor.take(area.at * threads);
  const scratchBytes = cursor.at - scratch;

  const kv = planKvCache(config, dtype === 'f32');
  const slots = cursor.at;
  const stagingBytes = Math.min(largestStaging, Math.max(...shapes.map(({ rows, columns }) => rows * columns * 4)));
  return {
    ...{ model, layers, layerStructs, weights, weightBytes, scratch, scratchBytes, buffers, areaOffsets },
    ...{ cStride, qkvStride, innerStride, logitsStride, contextStride, stagingBytes, kv, slots },
    areaBytes: area.at,
    mostTokens: T,
    staging: slots,
    totalBytes: slots + Math.max(kv.slotBytes, stagingBytes),
  };
}
