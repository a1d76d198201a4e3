import type { ModelConfig, RotaryConfig } from '../../model/config.ts';
import { type WeightShape, weightShapes } from '../../model/weight-shapes.ts';
import { quantisedGroup } from '../../quantising/quantised-rows.ts';
import { initialCapacity, type KvPlan, placeCache, planLayerCaches, roundUp } from './kv-layout.ts';
import {
  attentionPositions,
  attentionRowBytes,
  attentionRows,
  blockRows,
  blockScaleBytes,
  blockSumBytes,
  packScratchBytes,
  structs,
} from './layouts.gen.ts';
import type { ModelFields } from './structs.ts';

/** What this engine can hold weights in. */
export type WasmDtype = 'f32' | 'q8' | 'q4';

/** Most tokens that go through the layers at once. */
const chunkTokens = 128;
/** Most tokens of them that one thread takes at a time; what they are between two attentions stays in its second-level cache. */
const partTokens = 48;
/** A thread takes no fewer: weights are read once a part. With fewer for each of them, threads divide columns instead. */
const leastPartTokens = 12;
/** Most tokens whose logits are made at once: (16, V) is 3 MB at 50,257 entries. */
export const headTokens = 16;
/** Largest piece of a checkpoint copied into memory at once. It lies where the key-value cache will be. */
const largestStaging = 16 * 2 ** 20;

/** Where rows are placed: those from `after` on stand `skip` further, so that both parts begin where kernels want them. */
export interface RowGap {
  readonly after: number;
  readonly skip: number;
}

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
  readonly gap: RowGap;
}

/** f32 values: element (r, c) lies `r · rowStride + c · columnStride` floats from the address. */
export interface PlainRows {
  readonly kind: 'rows';
  readonly shape: WeightShape;
  readonly address: number;
  readonly rowStride: number;
  readonly columnStride: number;
  /** Of columns, where this is the bias of a matrix with one. */
  readonly gap: RowGap;
}

/** Cosines and sines of a pass's tokens, (T, size), for the layers that turn by the same angles. */
export interface RotaryTable {
  readonly turn: RotaryConfig;
  readonly size: number;
  readonly address: number;
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
  readonly innerBytes: number;
  readonly partTokens: number;
  readonly leastTokens: number;
  readonly dividedTokens: number;
  readonly areaOffsets: ModelFields;
  readonly cStride: number;
  readonly qkvStride: number;
  readonly attentionStride: number;
  readonly innerStride: number;
  readonly innerRowStride: number;
  readonly logitsStride: number;
  /** Per layer, undefined where nothing turns. */
  readonly rotary: readonly (RotaryTable | undefined)[];
  readonly staging: number;
  readonly stagingBytes: number;
  /** What lies behind all else and grows, see kv-cache.ts. */
  readonly cache: KvPlan;
  /** Most tokens that go through the layers at once. */
  readonly mostTokens: number;
  /** Bytes of memory that the model needs at first, with one slot. */
  readonly totalBytes: number;
}

type BufferName =
  | 'tokens'
  | 'sequencePositions'
  | 'wantedRows'
  | 'x'
  | 'qkv'
  | 'attention'
  | 'convolved'
  | 'inner'
  | 'logits'
  | 'normed'
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
  return group ? weights + (K / group) * (blockScaleBytes + (dtype === 'q8' ? blockSumBytes : 0)) : weights;
}

const noGap: RowGap = { after: Number.POSITIVE_INFINITY, skip: 0 };

/**
 * Plans the memory of a model before any of it exists, so that it is allocated once and in the right size.
 *
 * @param start first address to use
 */
export function planMemory(config: ModelConfig, dtype: WasmDtype, threads: number, start = 4096): MemoryLayout {
  const { nEmbd, nInner, nCtx, nLayer, vocabSize, headSize, nHead, nKvHead } = config;
  const cursor = new Cursor(start);
  const model = cursor.take(structs.Model.bytes);
  const layers = cursor.take(nLayer * 4);
  const layerStructs = Array.from({ length: nLayer }, () => cursor.take(structs.Layer.bytes));
  const cStride = roundUp(nEmbd, 64);
  const innerStride = roundUp(nInner, 64);
  const innerRowStride = (config.gatedMlp ? 2 : 1) * innerStride;
  const attentionStride = roundUp(nHead * headSize, 64);
  // What a gate lets through begins behind the gate's padding, as long as that of the layer which reads it.
  const gapOf = (name: string): RowGap =>
    config.gatedMlp && /\.mlp\.up\.(weight|bias)$/.test(name) ? { after: nInner, skip: innerStride - nInner } : noGap;
  const weights = new Map<string, PackedMatrix | PlainRows>();
  const shapes = weightShapes(config).filter(({ name }) => !name.startsWith('score.'));
  const widestOutput = Math.max(...shapes.map(({ name, rows }) => rows + gapOf(name).skip));
  const noBias = cursor.take(roundUp(widestOutput, blockRows) * 4);
  for (const shape of shapes) {
    const { name, rows, columns } = shape;
    if (!shape.isExact) continue;
    const gap = gapOf(name);
    const place = (length: number) => ({ kind: 'rows' as const, shape, gap, address: cursor.take(length * 4) });
    const stride = shape.isVector ? roundUp(columns + gap.skip, 64) : cStride;
    // A convolution's kernel is read for several channels at once.
    if (name.endsWith('.convolution.kernel.weight')) {
      weights.set(name, { ...place(columns * cStride), rowStride: 1, columnStride: cStride });
    } else weights.set(name, { ...place(rows * stride), rowStride: stride, columnStride: 1 });
  }
  for (const shape of shapes) {
    if (weights.has(shape.name)) continue;
    const group = dtype === 'f32' ? 0 : quantisedGroup(dtype, shape.columns);
    const K = roundUp(shape.columns, group || 4);
    const gap = gapOf(shape.name);
    const blocks = Math.ceil((shape.rows + gap.skip) / blockRows);
    const isHead = shape.name === (config.tiedHead ? 'tokenEmbedding' : 'head.weight');
    const bias = weights.get(isHead ? 'head.bias' : shape.name.replace('.weight', '.bias'));
    weights.set(shape.name, {
      kind: 'matrix',
      shape,
      struct: cursor.take(structs.Linear.bytes),
      weights: cursor.take(blocks * blockBytes(dtype, K, group)),
      bias: bias?.kind === 'rows' ? bias.address : noBias,
      ...{ blocks, K, group, gap },
    });
  }
  const weightBytes = cursor.at - start;

  const scratch = cursor.at;
  const convolves = config.blockKind.includes('convolution');
  const qkvStride = roundUp(Math.max((nHead + 2 * nKvHead) * headSize, convolves ? 3 * nEmbd : 0), 16);
  const logitsStride = roundUp(vocabSize, 16);
  const T = Math.min(chunkTokens, roundUp(nCtx, 4));
  // Logits are made of as many as `headTokens` at once.
  const part = Math.min(Math.max(partTokens, headTokens), T);
  const innerBytes = part * innerRowStride * 4;
  const widest = Math.max(cStride, attentionStride, innerStride);
  const buffers = {
    tokens: cursor.take(T * 4),
    sequencePositions: cursor.take(T * 4),
    wantedRows: cursor.take(T * 4),
    x: cursor.take(T * cStride * 4),
    qkv: cursor.take(T * qkvStride * 4),
    attention: cursor.take(T * attentionStride * 4),
    convolved: cursor.take(convolves ? T * cStride * 4 : 0),
    // While loading, what packing needs.
    inner: cursor.take(Math.max(threads * innerBytes, packScratchBytes)),
    logits: cursor.take(Math.min(headTokens, T) * logitsStride * 4),
    normed: cursor.take(T * cStride * 4),
    areas: cursor.at,
  };
  const paddedHead = roundUp(headSize, 16);
  // A last tile may be of three tokens more than there are.
  const rows = part + 3;
  // First of all, what the kernels' Part has.
  const area = new Cursor(64);
  const areaOffsets: ModelFields = {
    operandOffset: area.take(rows * widest * (dtype === 'f32' ? 4 : 2)),
    operandScaleOffset: area.take(rows * (widest / 32) * 4),
    operandSumOffset: area.take(rows * (widest / 32) * 4),
    normedOffset: area.take(cStride * 4),
    activatedOffset: area.take(innerStride * 4),
    headOffset: area.take(paddedHead * 8),
    queryRowsOffset: area.take(attentionRows * attentionRowBytes),
    queryOffset: area.take(attentionRows * paddedHead * 2),
    outputsOffset: area.take(attentionRows * paddedHead * 4),
    scoresOffset: area.take(4 * attentionPositions * 4),
    wideOffset: area.take(2 * attentionPositions * paddedHead * 2),
    rowOffset: area.take(Math.max(widest * 2, 6 * 8 * 4)),
  };
  cursor.take(area.at * threads);
  const rotary = planRotary(config, T, cursor);
  const scratchBytes = cursor.at - scratch;

  const cache = { layers: planLayerCaches(config, dtype === 'f32'), start: cursor.at, mostTokens: T };
  const { slots, slotBytes } = placeCache(cache, initialCapacity(nCtx));
  const stagingBytes = Math.min(largestStaging, Math.max(...shapes.map(({ rows, columns }) => rows * columns * 4)));
  return {
    ...{ model, layers, layerStructs, weights, weightBytes, scratch, scratchBytes, buffers, areaOffsets, rotary },
    ...{ cStride, qkvStride, attentionStride, innerStride, innerRowStride, logitsStride, stagingBytes, cache },
    areaBytes: area.at,
    innerBytes,
    partTokens: part,
    leastTokens: leastPartTokens,
    dividedTokens: Math.min(part, leastPartTokens * threads),
    mostTokens: T,
    staging: cache.start,
    totalBytes: Math.max(slots + slotBytes, cache.start + stagingBytes),
  };
}

/** A table for each kind of angles that layers turn by. */
function planRotary({ rotary }: ModelConfig, T: number, cursor: Cursor): (RotaryTable | undefined)[] {
  const tables = new Map<string, RotaryTable>();
  return rotary.map((turn) => {
    if (!turn) return undefined;
    const key = JSON.stringify(turn);
    const { size } = turn;
    const table = tables.get(key) ?? { turn, size, address: cursor.take(T * size * 4) };
    tables.set(key, table);
    return table;
  });
}
