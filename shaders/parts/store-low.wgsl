// Output of an adapter's first factor, a x: (T, RANK), of which the layer that is adapted makes the rest (bias-adapted). Rows
// that a tile has beyond RANK are none of a.
@group(0) @binding(7) var<storage, read_write> y: array<vec4f>;

fn store(t: u32, n: u32, sum: vec4f) {
  if (n < RANK) { y[(t * RANK + n) / 4] = sum; }
}
