// y[t, n] = sum over k of W[n, k] x[t, k], as matmul.wgsl, for software adapters: those run lanes one after another, so
// that workgroup memory and barriers only cost, in compilation (seconds) and in every step.
//
// Bindings: as matmul.wgsl.
// Dispatch: (ceil(rows / 4 / WG), ceil(T / 4)). A lane makes 4 tokens by 4 outputs straight from memory. Rows of x beyond
//   T are padding of the buffer: computed, not stored.
// Parts: run, params, one of bias-*, weights-*, one of store-*.
@group(0) @binding(4) var<storage, read> x: array<vec4f>;

fn products(t: u32, i: u32, a: mat2x4f, b: mat2x4f, c: mat2x4f, d: mat2x4f) -> vec4f {
  let at = t * (K / 4) + i * 2;
  let low = x[at];
  let high = x[at + 1];
  return vec4f(dot(a[0], low), dot(b[0], low), dot(c[0], low), dot(d[0], low))
    + vec4f(dot(a[1], high), dot(b[1], high), dot(c[1], high), dot(d[1], high));
}

@compute @workgroup_size(WG)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.x * 4;
  let t = id.y * 4;
  if (row >= ROWS) { return; }
  var sum0 = vec4f();
  var sum1 = vec4f();
  var sum2 = vec4f();
  var sum3 = vec4f();
  for (var i: u32 = 0; i < K / 8; i++) {
    let a = weight_tile(row, i) * weight_scale(row, i);
    let b = weight_tile(row + 1, i) * weight_scale(row + 1, i);
    let c = weight_tile(row + 2, i) * weight_scale(row + 2, i);
    let d = weight_tile(row + 3, i) * weight_scale(row + 3, i);
    sum0 += products(t, i, a, b, c, d);
    sum1 += products(t + 1, i, a, b, c, d);
    sum2 += products(t + 2, i, a, b, c, d);
    sum3 += products(t + 3, i, a, b, c, d);
  }
  store(t, ROW0 + row, sum0);
  if (t + 1 < run.count) { store(t + 1, ROW0 + row, sum1); }
  if (t + 2 < run.count) { store(t + 2, ROW0 + row, sum2); }
  if (t + 3 < run.count) { store(t + 3, ROW0 + row, sum3); }
}
