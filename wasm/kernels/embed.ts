import { BYTES, DTYPE, F32, FAMILIES, Q8 } from './dtype';
import { blockBytes } from './pack';
import { unpackRow4Dots } from './pack-q4-dots';
import { Linear } from './structs';

/** Row `id` of a packed matrix -> out (K) f32: the embedding is read from the same bytes as the tied head. */
export function unpackRow(W: Linear, id: i32, out: usize): void {
  const block = W.weights + <usize>(id >> 4) * blockBytes(W.K, W.group);
  const lane = <usize>(id & 15);
  if (DTYPE == F32) {
    for (let k = 0; k < W.K; k++) store<f32>(out + (<usize>k << 2), load<f32>(block + (<usize>k << 6) + (lane << 2)));
  } else if (DTYPE == Q8) unpackRow8(block, lane, W.K, W.group, out);
  else if (BYTES) unpackRow4Dots(block, lane, W.K, out);
  else unpackRow4(block, lane, W.K, out);
}

// @ts-ignore: decorator
@inline
function bf16(at: usize): f32 {
  return reinterpret<f32>(<u32>load<u16>(at) << 16);
}

function unpackRow8(block: usize, lane: usize, K: i32, group: i32, out: usize): void {
  let p = block + (lane << 2);
  let scales = block + ((<usize>group << 4) + (lane << 1));
  for (let k = 0; k < K; k += group) {
    const scale = bf16(scales);
    for (let i = 0; i < group; i++) {
      store<f32>(out, <f32>(<i32>load<i8>(p + (<usize>(i >> 2) << 6) + <usize>(i & 3))) * scale);
      out += 4;
    }
    p += blockBytes(group, group);
    scales += blockBytes(group, group);
  }
}

function unpackRow4(block: usize, lane: usize, K: i32, out: usize): void {
  const shift = <u32>lane >> 2 << 2;
  for (let k = 0; k < K; k += 32) {
    const scale = bf16(block + 256 + (lane << 1));
    for (let i: usize = 0; i < 32; i++) {
      const nibble = (<u32>load<u16>(block + ((lane & 3) << 2) + (i >> 1 << 4) + ((i & 1) << 1)) >> shift) & 15;
      const q = lane < 12 ? <i32>nibble - 8 : <i32>(nibble ^ 8) - 8;
      store<f32>(out, <f32>q * scale);
      out += 4;
    }
    block += 288;
  }
}

/** x (C) = scale · tokenEmbedding[id], plus what stands at `positionRow` if that is not 0. `row` is room for K floats. */
export function embed(W: Linear, id: i32, scale: f32, positionRow: usize, x: usize, C: i32, row: usize): void {
  unpackRow(W, id, row);
  for (let c = 0; c < C; c++) {
    const at = <usize>c << 2;
    if (!FAMILIES) store<f32>(x + at, load<f32>(row + at) + load<f32>(positionRow + at));
    else store<f32>(x + at, load<f32>(row + at) * scale + (positionRow ? load<f32>(positionRow + at) : 0));
  }
}
