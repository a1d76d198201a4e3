import type { Adapter, LoraPair } from '../../model/adapter.ts';
import { checkAdapter } from '../check-input.ts';
import type { KvCache } from './kv-cache.ts';
import { roundUp } from './kv-layout.ts';
import { blockRows, structs } from './layouts.gen.ts';
import type { PackedMatrix } from './memory-layout.ts';
import { placeRows } from './place-rows.ts';
import { writeStruct } from './structs.ts';
import type { WasmModel } from './wasm-model.ts';

/** A pair as it will lie in memory; addresses from the adapter's first byte on. */
interface PlacedPair {
  readonly pair: LoraPair;
  readonly matrix: PackedMatrix;
  readonly struct: number;
  readonly inputs: number;
  readonly rank: number;
  readonly product: number;
  readonly firstBlock: number;
  readonly lastBlock: number;
  readonly a: number;
  readonly b: number;
}

/** An adapter in the model's memory. */
interface KeptAdapter {
  readonly address: number;
  readonly bytes: number;
  /** Address of each adapted matrix's struct -> of its first pair. */
  readonly first: ReadonlyMap<number, number>;
  readonly products: number;
  readonly productBytes: number;
  readonly productStride: number;
}

/** The adapters of a model, between its buffers and its KV cache, of which the kernels see one at a time or none. */
export class Adapters {
  readonly #model: WasmModel;
  readonly #cache: KvCache;
  readonly #kept = new Map<number, KeptAdapter>();
  /** Where removed ones were: memory does not shrink, and the next that fits goes there. */
  readonly #free: { address: number; bytes: number }[] = [];
  #nextId = 1;
  #used: number | undefined;

  constructor(model: WasmModel, cache: KvCache) {
    this.#model = model;
    this.#cache = cache;
  }

  get bytes(): number {
    return [...this.#kept.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** @throws GptletError OUT_OF_MEMORY; what was there is kept */
  add(adapter: Adapter): number {
    const model = this.#model;
    const { pairs, pairBytes, productStride } = placePairs(model, adapter);
    const productBytes = model.layout.partTokens * productStride * 4;
    const bytes = roundUp(pairBytes + model.get('threads') * productBytes, 64);
    const address = this.#take(bytes);
    const first = new Map<number, number>();
    for (const placed of pairs) {
      const next = first.get(placed.matrix.struct) ?? 0;
      first.set(placed.matrix.struct, address + placed.struct);
      writePair(model, address, placed, next);
    }
    const id = this.#nextId++;
    this.#kept.set(id, { address, bytes, first, products: address + pairBytes, productBytes, productStride });
    return id;
  }

  remove(id: number): void {
    const kept = this.#kept.get(id);
    if (!kept) return;
    if (this.#used === id) this.use(undefined);
    this.#kept.delete(id);
    this.#free.push({ address: kept.address, bytes: kept.bytes });
  }

  /** Before a pass: tells the kernels which adapter is its. @throws GptletError INVALID_OPTION for one that is not there */
  use(id: number | undefined): void {
    checkAdapter(id, this.#kept);
    if (id === this.#used) return;
    const [before, now] = [this.#used, id].map((each) => this.#kept.get(each ?? 0));
    for (const matrix of before?.first.keys() ?? []) this.#model.describeLinear(matrix, { adapter: 0 });
    for (const [matrix, adapter] of now?.first ?? []) this.#model.describeLinear(matrix, { adapter });
    if (now)
      this.#model.describe({
        products: now.products,
        productBytes: now.productBytes,
        productStride: now.productStride,
      });
    this.#used = id;
  }

  #take(bytes: number): number {
    const index = this.#free.findIndex((free) => free.bytes >= bytes);
    if (index < 0) return this.#cache.makeWay(bytes, `this model, its KV cache and an adapter of ${bytes} bytes`);
    const [free] = this.#free.splice(index, 1);
    if (free.bytes > bytes) this.#free.push({ address: free.address + bytes, bytes: free.bytes - bytes });
    return free.address;
  }
}

/** Where everything of an adapter lies, and how much memory that takes. */
function placePairs(
  model: WasmModel,
  adapter: Adapter,
): { pairs: PlacedPair[]; pairBytes: number; productStride: number } {
  let end = 0;
  const take = (bytes: number): number => {
    const address = end;
    end = roundUp(end + bytes, 16);
    return address;
  };
  const widths = new Map<PackedMatrix, number>();
  const pairs = adapter.pairs.map((pair): PlacedPair => {
    const matrix = model.matrix(`blocks.${pair.block}.${pair.linear}.weight`);
    const runs = placeRows(matrix.gap, pair.firstOutput, pair.outputs);
    const last = runs[runs.length - 1];
    const [firstBlock, lastBlock] = [Math.floor(runs[0].to / blockRows), Math.ceil((last.to + last.rows) / blockRows)];
    const [inputs, rank] = [roundUp(pair.inputs, 4), roundUp(pair.rank, 4)];
    const product = widths.get(matrix) ?? 0;
    widths.set(matrix, product + rank);
    const struct = take(structs.Pair.bytes);
    const a = take(rank * inputs * 4);
    const b = take((lastBlock - firstBlock) * rank * blockRows * 4);
    return { pair, matrix, struct, inputs, rank, product, firstBlock, lastBlock, a, b };
  });
  return { pairs, pairBytes: end, productStride: Math.max(4, ...widths.values()) };
}

/** Writes a pair where it belongs, its factors as wasm/kernels/structs.ts has them. */
function writePair(model: WasmModel, address: number, placed: PlacedPair, next: number): void {
  const { pair, matrix, rank, inputs, firstBlock, lastBlock } = placed;
  const { inputs: columns, rank: rows, outputs, scale } = pair;
  const [aAddress, bAddress] = [address + placed.a, address + placed.b];
  const a = model.floats(aAddress, rank * inputs).fill(0);
  for (let r = 0; r < rows; r++) {
    const at = (r >> 2) * 4 * inputs + (r & 3) * 4;
    for (let i = 0; i < columns; i++) a[at + (i >> 2) * 16 + (i & 3)] = pair.a[r * columns + i];
  }
  const b = model.floats(bAddress, (lastBlock - firstBlock) * rank * blockRows).fill(0);
  for (const { from, rows: count, to } of placeRows(matrix.gap, pair.firstOutput, outputs)) {
    for (let o = 0; o < count; o++) {
      const row = to + o - firstBlock * blockRows;
      const at = Math.floor(row / blockRows) * rank * blockRows + (row % blockRows);
      for (let r = 0; r < rows; r++) b[at + r * blockRows] = scale * pair.b[(from + o) * rows + r];
    }
  }
  const { product } = placed;
  const fields = { next, inputs, rank, product, firstBlock, lastBlock, a: aAddress, b: bAddress };
  writeStruct(new DataView(model.memory.buffer), address + placed.struct, structs.Pair, fields);
}
