import { Part } from './part';
import { Linear, Model, Pair } from './structs';

// W x gets b (a x) added by every pair that an adapter has on W (Hu et al., LoRA, 2021). a x is made where the operand of W is made, of the same
// row in f32. Sums are taken in one order, however many tokens and threads there are.

/** Where the products of the part's first token stand. As with operands, a vector's are made by every thread for itself. */
// @ts-ignore: decorator
@inline
function productsOf(m: Model, p: Part): usize {
  return m.products + (p.vector || p.alone ? <usize>p.thread * m.productBytes : 0);
}

/** The four lanes of each added up. */
// @ts-ignore: decorator
@inline
function sums4(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/** a · x of the pairs on W, x the row of the part's token t. */
export function lowerRow(m: Model, p: Part, W: Linear, row: usize, t: i32): void {
  const products = productsOf(m, p) + (<usize>(t * m.productStride) << 2);
  for (let at = W.adapter; at; ) {
    const pair = changetype<Pair>(at);
    const end = row + (<usize>pair.inputs << 2);
    let a = pair.a;
    let out = products + (<usize>pair.product << 2);
    for (let r = 0; r < pair.rank; r += 4) {
      let s0 = f32x4.splat(0.0), s1 = s0, s2 = s0, s3 = s0;
      for (let x = row; x < end; x += 16) {
        const v = v128.load(x);
        s0 = f32x4.add(s0, f32x4.mul(v, v128.load(a)));
        s1 = f32x4.add(s1, f32x4.mul(v, v128.load(a, 16)));
        s2 = f32x4.add(s2, f32x4.mul(v, v128.load(a, 32)));
        s3 = f32x4.add(s3, f32x4.mul(v, v128.load(a, 48)));
        a += 64;
      }
      v128.store(out, sums4(s0, s1, s2, s3));
      out += 16;
    }
    at = pair.next;
  }
}

/** out (T, rows) += b · (a · x) of the pairs on W, for the blocks `first` … `last` - 1. */
export function raiseRows(m: Model, p: Part, W: Linear, first: i32, last: i32, out: usize, stride: usize): void {
  const products = productsOf(m, p);
  for (let at = W.adapter; at; ) {
    const pair = changetype<Pair>(at);
    const bytes = <usize>pair.rank << 6;
    const end = min(last, pair.lastBlock);
    for (let block = max(first, pair.firstBlock); block < end; block++) {
      const start = pair.b + <usize>(block - pair.firstBlock) * bytes;
      let y = out + (<usize>block << 6);
      let row = products + (<usize>pair.product << 2);
      for (let t = 0; t < p.T; t++) {
        let y0 = v128.load(y), y1 = v128.load(y, 16), y2 = v128.load(y, 32), y3 = v128.load(y, 48);
        let u = row;
        for (let b = start; b < start + bytes; b += 64) {
          const v = v128.load_splat<u32>(u);
          y0 = f32x4.add(y0, f32x4.mul(v, v128.load(b)));
          y1 = f32x4.add(y1, f32x4.mul(v, v128.load(b, 16)));
          y2 = f32x4.add(y2, f32x4.mul(v, v128.load(b, 32)));
          y3 = f32x4.add(y3, f32x4.mul(v, v128.load(b, 48)));
          u += 4;
        }
        v128.store(y, y0);
        v128.store(y, y1, 16);
        v128.store(y, y2, 32);
        v128.store(y, y3, 48);
        y += stride;
        row += <usize>m.productStride << 2;
      }
    }
    at = pair.next;
  }
}
