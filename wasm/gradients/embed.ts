import { addTo } from './gather';
import { columnOf, Machine, partOf } from './machine';
import { MatrixRows, readRow } from './matrix-rows';
import { store4 } from './vector';

/** The table stands first. */
@unmanaged
export class EmbedStep extends MatrixRows {
  width: i32;
  scale: f32;
  tokenIds: usize;
  positions: usize;
  positionTable: usize; // 0: none
  positionStride: usize;
  out: usize;
  outStride: usize;
}

/** out[n] = scale · table[tokenIds[n]] + positionTable[positions[n]]; rows are divided among threads. */
export function embed(s: EmbedStep, rows: i32, m: Machine): void {
  const end = partOf(rows, m.thread + 1, m.threads);
  const bytes = <usize>s.width << 2;
  const scale = f32x4.splat(s.scale);
  for (let n = partOf(rows, m.thread, m.threads); n < end; n++) {
    const row = readRow(s, load<i32>(s.tokenIds + (<usize>n << 2)), 0, s.width, m.scratch);
    const position = s.positionTable + <usize>load<u32>(s.positions + (<usize>n << 2)) * s.positionStride;
    const out = s.out + <usize>n * s.outStride;
    for (let at: usize = 0; at < bytes; at += 16) {
      const v = f32x4.mul(scale, v128.load(row + at));
      store4(out + at, s.positionTable ? f32x4.add(v, v128.load(position + at)) : v, bytes - at);
    }
  }
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
