import { addTo } from './gather';
import { columnOf, Machine, partOf } from './machine';

@unmanaged
export class EmbedStep {
  width: i32;
  scale: f32;
  tokenIds: usize;
  positions: usize;
  dtype: i32; // 0: f32, 1: q8, 2: q4
  table: usize;
  rowBytes: usize;
  scales: usize; // (rows, K / group) bf16
  group: i32;
  scaleRowBytes: usize;
  positionTable: usize; // 0: none
  positionStride: usize;
  out: usize;
  outStride: usize;
}

/** out[n] = scale · table[tokenIds[n]] + positionTable[positions[n]]; rows are divided among threads. */
export function embed(s: EmbedStep, rows: i32, m: Machine): void {
  const end = partOf(rows, m.thread + 1, m.threads);
  for (let n = partOf(rows, m.thread, m.threads); n < end; n++) {
    const id = load<u32>(s.tokenIds + (<usize>n << 2));
    const row = s.table + <usize>id * s.rowBytes;
    const scales = s.scales + <usize>id * s.scaleRowBytes;
    const position = s.positionTable + <usize>load<u32>(s.positions + (<usize>n << 2)) * s.positionStride;
    const out = s.out + <usize>n * s.outStride;
    for (let c = 0; c < s.width; c++) {
      const at = <usize>c << 2;
      const value = s.scale * (s.dtype == 0 ? load<f32>(row + at) : weightAt(s, row, scales, c));
      store<f32>(out + at, s.positionTable ? value + load<f32>(position + at) : value);
    }
  }
}

/** One weight of a quantised row. */
function weightAt(s: EmbedStep, row: usize, scales: usize, c: i32): f32 {
  const scale = reinterpret<f32>(<u32>load<u16>(scales + (<usize>(c / s.group) << 1)) << 16);
  if (s.dtype == 1) return <f32>(<i32>load<i8>(row + <usize>c)) * scale;
  // Eight inputs in four bytes: the first four in low nibbles.
  const byte = <u32>load<u8>(row + <usize>((c >> 3) << 2) + <usize>(c & 3));
  return <f32>(<i32>((byte >> <u32>(c & 4)) & 15) - 8) * scale;
}

@unmanaged
export class EmbedGradientStep {
  width: i32;
  scale: f32;
  tokenIds: usize;
  positions: usize;
  dOut: usize;
  dOutStride: usize;
  dTable: usize; // 0: none
  dTableStride: usize;
  dPositionTable: usize; // 0: none
  dPositionStride: usize;
}

/** Rows of dOut are added to those of the tables in their order; columns are divided among threads. */
export function embedGradient(s: EmbedGradientStep, rows: i32, m: Machine): void {
  const first = columnOf(s.width, m.thread, m.threads);
  const end = columnOf(s.width, m.thread + 1, m.threads);
  for (let n = 0; n < rows; n++) {
    const dOut = s.dOut + <usize>n * s.dOutStride;
    const id = load<u32>(s.tokenIds + (<usize>n << 2));
    const position = load<u32>(s.positions + (<usize>n << 2));
    if (s.dTable) addTo(s.dTable + <usize>id * s.dTableStride, dOut, s.scale, first, end);
    if (s.dPositionTable) addTo(s.dPositionTable + <usize>position * s.dPositionStride, dOut, 1, first, end);
  }
}
