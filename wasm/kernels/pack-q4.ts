import { bestScales, nibble4 } from '../quantising/q4';
import { reciprocal4 } from '../quantising/q8';
import { storeScales } from './pack-q8';

/** tile (32, 16) f32 -> one group of a plain q4 block, see pack.ts; integers = round(weight / scale). */
export function pack4(tile: usize, masks: usize, out: usize): void {
  const end = tile + 2048;
  for (let i: usize = 0; i < 4; i++) {
    const rows = v128.load(masks + (i << 4));
    const shift = <i32>(i << 2);
    const mask = v128.and(rows, i32x4.shl(i32x4.splat(0x000f000f), shift));
    // The topmost nibble of an i16 carries its sign; the others have 8 added.
    const offset = i32x4.splat(i < 3 ? 8 : 0);
    const scale = bestScales(tile + (i << 4));
    const factor = reciprocal4(scale);
    let o = out;
    for (let p = tile + (i << 4); p < end; p += 128) {
      const even = i32x4.add(nibble4(p, factor), offset);
      const odd = i32x4.add(nibble4(p + 64, factor), offset);
      const pair = v128.or(v128.and(even, i32x4.splat(15)), i32x4.shl(v128.and(odd, i32x4.splat(15)), 16));
      v128.store(o, v128.bitselect(i32x4.shl(pair, shift), v128.load(o), mask));
      o += 16;
    }
    storeScales(out + 256 + (i << 3), scale, rows);
  }
}
