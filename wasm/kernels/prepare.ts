import { activate, multiply } from './activation';
import { lowerRow } from './adapter';
import { BYTES, DTYPE, F32, FAMILIES, Q4 } from './dtype';
import { layerNorm } from './layer-norm';
import { copyFoursIntoTile, copyIntoTile, quantiseBytes, quantiseGroups, tokensInSixes } from './operand';
import { quantiseForQ4 } from './operand-q4';
import { meet, Part } from './part';
import { rmsNorm } from './rms-norm';
import { Linear, Model } from './structs';

/** The area of a part's operand. A vector is made by every thread for itself, which costs less than a barrier. */
// @ts-ignore: decorator
@inline
export function operandArea(p: Part): usize {
  return p.vector ? p.area : p.common;
}

/** A row (C) of the residual stream normalised; out may be the row. */
// @ts-ignore: decorator
@inline
export function normalise(m: Model, row: usize, weight: usize, bias: usize, out: usize): void {
  if (FAMILIES && m.rms) rmsNorm(row, weight, out, m.C, m.epsilon);
  else layerNorm(row, weight, bias, out, m.C, m.epsilon);
}

/** A row (K) normalised where `weight` is not 0, activated where `activated`, in `area`; or itself. */
function rowBefore(m: Model, row: usize, K: i32, weight: usize, bias: usize, activated: bool, area: usize): usize {
  if (weight) {
    normalise(m, row, weight, bias, area + m.normedOffset);
    return area + m.normedOffset;
  }
  if (!activated) return row;
  activate(row, area + m.activatedOffset, K, m.activation);
  if (FAMILIES && m.gated) multiply(area + m.activatedOffset, row + (<usize>m.innerStride << 2), K);
  return area + m.activatedOffset;
}

/** The part's rows (T, K of W), each as `rowBefore` makes it, -> the operand of W (operand.ts), and what an adapter on W needs of them. Returns the operand. */
export function prepare(
  m: Model, p: Part, W: Linear, rows: usize, stride: i32, weight: usize, bias: usize, activated: bool,
): usize {
  const area = operandArea(p);
  const operand = area + m.operandOffset;
  const K = W.K;
  if (p.vector) {
    const row = rowBefore(m, rows, K, weight, bias, activated, area);
    if (W.adapter) lowerRow(m, p, W, row, 0);
    if (DTYPE == F32) return row;
    const scales = area + m.operandScaleOffset;
    const sums = area + m.operandSumOffset;
    if (DTYPE == Q4) quantiseForQ4(row, operand, K, scales, sums, 4);
    else if (BYTES) quantiseBytes(row, operand, K, W.group, scales, sums, 4);
    else quantiseGroups(row, operand, K, W.group, scales, sums, 4);
    return operand;
  }
  const T = p.T;
  const fours = tokensInSixes(T);
  const sixes = fours / 6;
  const tiles = sixes + ((T - fours + 3) >> 2);
  for (let i = p.share; i < tiles; i += p.shares) {
    const lanes = i < sixes ? 6 : 4;
    const start = i < sixes ? 6 * i : fours + ((i - sixes) << 2);
    const tile = operand + (<usize>(start * K) << (DTYPE == F32 ? 2 : BYTES ? 0 : 1));
    for (let lane = 0; lane < lanes; lane++) {
      const t = start + lane;
      // Lanes past the last token are computed and dropped; they only must not be NaN traps, and integers never are.
      if (t >= T) break;
      const row = rowBefore(m, rows + (<usize>(t * stride) << 2), K, weight, bias, activated, p.area);
      if (W.adapter) lowerRow(m, p, W, row, t);
      if (DTYPE == F32) copyIntoTile(row, tile, lane, K);
      else {
        const ints = p.area + m.rowOffset;
        const groups = ((<usize>start * <usize>(K / W.group)) << 2) + (<usize>lane << 2);
        const sums = area + m.operandSumOffset + groups;
        const scales = area + m.operandScaleOffset + groups;
        const step = <usize>lanes << 2;
        const place = tile + (<usize>lane << 2);
        if (DTYPE == Q4) quantiseForQ4(row, place, K, scales, sums, step);
        else if (BYTES) quantiseBytes(row, place, K, W.group, scales, sums, step);
        else {
          quantiseGroups(row, ints, K, W.group, scales, sums, 16);
          copyFoursIntoTile(ints, tile, lane, K);
        }
      }
    }
  }
  meet(m, p);
  return operand;
}
