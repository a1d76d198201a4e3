// Blocks of a GGUF file to floats, and to the integers of q8 and q4 where the two agree. Formats by ggml's numbers of their types;
// the slow twin is sdk/checkpoint/gguf/testing/unpack-slowly.ts.
import { unpackFloats } from './floats';
import { Q4_0, Q8_0 } from './types';
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

/** A row of `columns` weights of a type, from byte `from` of the input to weight `to` of the floats. */
export function row(type: i32, columns: i32, from: i32, to: i32): void {
  unpackFloats(type, input + from, floats + (<usize>to << 2), columns);
}

/** The same row's integers, to weight `to` of them; of Q8_0 and Q4_0 only. Returns whether all scales are finite. */
export function rowIntegers(type: i32, columns: i32, from: i32, to: i32): bool {
  const at = scales + (<usize>to >> 4);
  if (type == Q8_0) unpackQ8(input + from, integers + to, at, columns);
  else if (type == Q4_0) unpackQ4(input + from, integers + (<usize>to >> 1), at, columns);
  for (let i: usize = 0; i < <usize>columns >> 4; i += 2) if ((load<u16>(at + i) & 0x7f80) == 0x7f80) return false;
  return true;
}
