// Blocks of a GGUF file to floats, and to the integers of q8 and q4 where the two agree. Formats by ggml's numbers of their types;
// the slow twin is sdk/checkpoint/gguf/testing/unpack-slowly.ts.
import { unpackFloats } from './floats';
import { Q8_0 } from './types';
import { unpackQ4, unpackQ8 } from './integers';

/** Where the file's bytes are to be put. */
export let input: usize = 0;
/** Results: floats, or integers as `QuantisedRows` holds them, and scales, bf16. */
export let floats: usize = 0;
export let integers: usize = 0;
export let scales: usize = 0;

/** Makes room for some bytes of a file that hold so many weights. */
export function reserve(bytes: i32, weights: i32): void {
  input = (__heap_base + 15) & ~15;
  floats = (input + <usize>bytes + 15) & ~15;
  integers = floats + (<usize>weights << 2);
  scales = integers + <usize>weights;
  const missing = <i32>((scales + (<usize>weights >> 4) + 0xffff) >> 16) - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) unreachable();
}

/** Where a row belongs: of each `head` rows, if any, row 2 i becomes row i, and row 2 i + 1 becomes row i + head / 2. */
function placeOf(row: i32, head: i32): i32 {
  if (head == 0) return row;
  const within = row % head;
  return row - within + (within >> 1) + (within & 1) * (head >> 1);
}

/** Rows of a type to floats, (rows, columns). */
export function unpack(type: i32, rows: i32, columns: i32, bytes: i32, head: i32): void {
  const rowBytes = bytes / rows;
  for (let r = 0; r < rows; r++) {
    unpackFloats(type, input + <usize>(r * rowBytes), floats + (<usize>(placeOf(r, head) * columns) << 2), columns);
  }
}

/** The integers of rows of Q8_0 or Q4_0, and their scales. Returns whether all of those are finite. */
export function unpackIntegers(type: i32, rows: i32, columns: i32, bytes: i32, head: i32): bool {
  const rowBytes = bytes / rows;
  for (let r = 0; r < rows; r++) {
    const from = input + <usize>(r * rowBytes);
    const to = <usize>(placeOf(r, head) * columns);
    const at = scales + (to >> 4);
    if (type == Q8_0) unpackQ8(from, integers + to, at, columns);
    else unpackQ4(from, integers + (to >> 1), at, columns);
  }
  for (let i: usize = 0; i < <usize>(rows * columns) >> 4; i += 2) {
    if ((load<u16>(scales + i) & 0x7f80) == 0x7f80) return false;
  }
  return true;
}
