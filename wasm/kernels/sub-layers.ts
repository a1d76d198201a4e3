import { FAMILIES } from './dtype';
import { ADD, STORE } from './epilogue';
import { linear } from './linear';
import { meet, Part, rowsOf } from './part';
import { normalise, prepare } from './prepare';
import { Layer, Linear, Model } from './structs';
import { turnHeads } from './turn-heads';

// A block is x += projection(attention(norm1(x))); x += down(activation(up(norm2(x)))), or has its norms elsewhere, see config.ts.
// All but the attention, or a convolution in its place, is done token by token, so parts of tokens go through alone.

/** Rows (T, C) of the residual stream normalised in place: the norm after a sub-layer (GPT, 2018). */
function normInPlace(m: Model, p: Part, weight: usize, bias: usize): void {
  const x = rowsOf(p, m.x, m.cStride);
  for (let t = p.share; t < p.T; t += p.shares) {
    const row = x + (<usize>(t * m.cStride) << 2);
    normalise(m, row, weight, bias, row);
  }
  meet(m, p);
}

/** x += W · rows, normalised first where `weight` is not 0: what a sub-layer gives to the residual stream. */
function addProduct(
  m: Model, p: Part, W: Linear, rows: usize, stride: i32, activated: bool, weight: usize, bias: usize,
): void {
  const operand = prepare(m, p, W, rows, stride, 0, 0, activated);
  const x = rowsOf(p, m.x, m.cStride);
  if (!FAMILIES || !weight) {
    linear(m, p, W, operand, x, m.cStride, ADD);
    meet(m, p);
    return;
  }
  const normed = rowsOf(p, m.normed, m.cStride);
  linear(m, p, W, operand, normed, m.cStride, STORE);
  meet(m, p);
  for (let t = p.share; t < p.T; t += p.shares) {
    const offset = <usize>(t * m.cStride) << 2;
    const row = normed + offset;
    normalise(m, row, weight, bias, row);
    for (let c: usize = 0; c < <usize>m.C << 2; c += 16) {
      v128.store(x + offset + c, f32x4.add(v128.load(x + offset + c), v128.load(row + c)));
    }
  }
  meet(m, p);
}

/** inner = up(norm2(x)), or gate and up. */
function feedUp(m: Model, p: Part, layer: Layer): void {
  const weight = m.postNorm ? 0 : layer.norm2Weight;
  const operand = prepare(m, p, layer.up, rowsOf(p, m.x, m.cStride), m.cStride, weight, layer.norm2Bias, false);
  linear(m, p, layer.up, operand, p.inner, m.innerRowStride, STORE);
  meet(m, p);
}

/** What comes before a block's attention or convolution: qkv = W · norm1(x), queries and keys turned. Others read it after a barrier. */
export function enterBlock(m: Model, p: Part, layer: Layer): void {
  const weight = m.postNorm ? 0 : layer.norm1Weight;
  const operand = prepare(m, p, layer.qkv, rowsOf(p, m.x, m.cStride), m.cStride, weight, layer.norm1Bias, false);
  linear(m, p, layer.qkv, operand, rowsOf(p, m.qkv, m.qkvStride), m.qkvStride, STORE);
  if (FAMILIES && !layer.kernel && (layer.queryNorm || layer.rotary)) {
    meet(m, p);
    turnHeads(m, p, layer);
  }
}

/** What comes after a block's attention or convolution, which other threads made as well. */
export function leaveBlock(m: Model, p: Part, layer: Layer): void {
  const post = m.postNorm != 0;
  const parallel = FAMILIES && m.parallelBlock != 0;
  // Before the attention is added: both sub-layers read what entered the block.
  if (parallel) feedUp(m, p, layer);
  const convolved = FAMILIES && layer.kernel;
  const stride = convolved ? m.cStride : m.attentionStride;
  const mixed = rowsOf(p, convolved ? m.convolved : m.attention, stride);
  addProduct(m, p, layer.projection, mixed, stride, false, layer.outputNorm1Weight, layer.outputNorm1Bias);
  if (post) normInPlace(m, p, layer.norm1Weight, layer.norm1Bias);
  if (!parallel) feedUp(m, p, layer);
  addProduct(
    m, p, layer.down, p.inner, m.innerRowStride, true, layer.outputNorm2Weight, layer.outputNorm2Bias,
  );
  if (post) normInPlace(m, p, layer.norm2Weight, layer.norm2Bias);
}
