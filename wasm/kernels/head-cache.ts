import { DTYPE, F32 } from './dtype';
import { Layer, Model } from './structs';

// Where a head of keys and values lies in the slot: a layer has the keys of all its heads, then their values, then where they are
// bytes the scales of keys and those of values. Positions count from the layer's first and are multiples of 16.

/** A head's channels as they are padded everywhere but in f32's cache. */
// @ts-ignore: decorator
@inline
export function paddedSize(m: Model): usize {
  return <usize>(m.HS + 15) & ~15;
}

/** Bytes of one position's keys, or values, of a head. */
// @ts-ignore: decorator
@inline
function positionBytes(m: Model): usize {
  return DTYPE == F32 ? <usize>(m.HS + 3) >> 2 << 4 : paddedSize(m);
}

/** Keys from `position` on. */
export function keysOf(m: Model, layer: Layer, head: i32, position: i32): usize {
  return m.kv + layer.cache + <usize>(head * layer.positions + position) * positionBytes(m);
}

/** Values of the first chunk of channels from `position` on, where chunks are `width` bytes wide. */
export function valuesOf(m: Model, layer: Layer, head: i32, position: i32, width: usize): usize {
  return keysOf(m, layer, m.NKV + head, 0) + <usize>position * width;
}

/** Scales of keys from `position` on. */
export function keyScalesOf(m: Model, layer: Layer, head: i32, position: i32): usize {
  return keysOf(m, layer, 2 * m.NKV, 0) + (<usize>(head * layer.positions + position) << 2);
}

/** Scales of values from `position` on. */
export function valueScalesOf(m: Model, layer: Layer, head: i32, position: i32): usize {
  return keyScalesOf(m, layer, m.NKV + head, position);
}
