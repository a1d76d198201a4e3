import type { TensorOrigin, TensorPart } from '../model/tensor.ts';
import type { ByteReader } from './byte-reader.ts';
import type { TensorStreamOptions } from './checkpoint.ts';
import { elementBytes } from './element-types.ts';
import { FileCursor } from './file-cursor.ts';
import { widenBf16, widenF16 } from './half-floats.ts';
import type { FilePlan, PlannedTensor } from './tensor-plan.ts';
import { zeroCheck } from './zero-check.ts';

// Elements of a row chunk: 4 MB of f32, a compromise between calls and memory.
const chunkElements = 1 << 20;
// The WASM engine packs this many rows at once; a chunk that ends between two blocks costs it time.
const blockRows = 16;

/**
 * Reads the planned tensors in the order in which the files hold them. A matrix stored row by row comes
 * in row chunks; a transposed one whole, since each of its stored rows touches every row of the result.
 * The parts of a chunked matrix share memory: each is overwritten by the next.
 */
export async function* streamTensors(
  plans: readonly FilePlan[],
  options: TensorStreamOptions = {},
): AsyncGenerator<TensorPart> {
  const scratch = new Scratch(options.room);
  for (const { weightFile, tensors } of plans) {
    let furthest = 0;
    // Bytes that two tensors share are read twice; what is reported never falls.
    const report = (bytes: number): void => {
      furthest = Math.max(furthest, bytes);
      options.onBytes?.(weightFile.name, furthest);
    };
    const cursor = new FileCursor(weightFile, options.signal);
    try {
      for (const planned of tensors) {
        if (planned.stream) {
          for await (const part of planned.stream(cursor, planned, scratch, report)) {
            options.signal?.throwIfAborted();
            yield part;
          }
          continue;
        }
        const reader = await cursor.at(planned.stored);
        const zeros = zeroCheck(weightFile, planned, options.warn);
        for (const part of partsOf(planned)) {
          options.signal?.throwIfAborted();
          const data = await scratch.read(reader, planned.stored.type, part.rows * part.columns, !planned.runs);
          report(reader.position);
          zeros.look(data);
          yield { ...part, data };
        }
        zeros.finish();
      }
    } finally {
      await cursor.close();
    }
    report(weightFile.size);
  }
}

function* partsOf(planned: PlannedTensor): Generator<Omit<TensorPart, 'data'>> {
  const { name, rowOffset, rows, columns, stored } = planned;
  const transposed = planned.transposed !== (stored.transposed ?? false);
  const origin = (row: number): TensorOrigin => ({ name: stored.name, row, transposed });
  if (planned.transposed) {
    yield { name, rowOffset, rows, columns, rowStride: 1, columnStride: rows, origin: origin(0) };
    return;
  }
  const most = Math.max(1, Math.floor(chunkElements / columns));
  const step = most > blockRows ? most - (most % blockRows) : most;
  for (let row = 0; row < rows; row += step) {
    yield {
      name,
      rowOffset: rowOffset + row,
      rows: Math.min(step, rows - row),
      columns,
      rowStride: columns,
      columnStride: 1,
      origin: origin(row),
    };
  }
}

/** Memory for one part: the receiver's, else kept from one to the next so that a load allocates it once. */
class Scratch {
  readonly #room: TensorStreamOptions['room'];
  #floats: Float32Array<ArrayBuffer> = new Float32Array(0);
  #halves: Uint16Array<ArrayBuffer> = new Uint16Array(0);

  constructor(room: TensorStreamOptions['room']) {
    this.#room = room;
  }

  /** @param inRoom whether the values will be handed on as they lie, from the first on: the receiver's memory is for those */
  async read(reader: ByteReader, type: string, elements: number, inRoom: boolean): Promise<Float32Array> {
    const floats = (inRoom ? this.#room?.(elements) : undefined) ?? this.#own(elements);
    if (type === 'F32') {
      // Files are little-endian, and so is every machine that runs WebAssembly.
      await reader.fill(new Uint8Array(floats.buffer, floats.byteOffset, 4 * elements));
      return floats;
    }
    // Half floats are widened piece by piece, so that they never stand beside the whole tensor.
    if (this.#halves.length < Math.min(elements, chunkElements))
      this.#halves = new Uint16Array(Math.min(elements, chunkElements));
    const widen = type === 'F16' ? widenF16 : widenBf16;
    for (let at = 0; at < elements; at += chunkElements) {
      const halves = this.#halves.subarray(0, Math.min(chunkElements, elements - at));
      await reader.fill(new Uint8Array(halves.buffer, 0, elementBytes[type] * halves.length));
      widen(halves, floats.subarray(at, at + halves.length));
    }
    return floats;
  }

  /** Memory for some bytes, a multiple of four, overwritten by whatever is read next. */
  bytes(count: number): Uint8Array {
    return new Uint8Array(this.#own(count / 4).buffer, 0, count);
  }

  #own(elements: number): Float32Array {
    if (this.#floats.length < elements) this.#floats = new Float32Array(elements);
    return this.#floats.subarray(0, elements);
  }
}
