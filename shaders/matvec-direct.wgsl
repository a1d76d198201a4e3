// y[n] = sum over k of W[n, k] input[k], as matvec.wgsl, for software adapters: a barrier there costs more than the sum of
// a row, so each lane makes four whole rows by itself. WG is 1 for the parts: each lane is a workgroup to them.
//
// Bindings: as matvec.wgsl.
// Dispatch: (ceil(rows / 4 / LANES)).
// Parts: run, params, one of bias-*, weights-*, reduce-alone, one of input-*, one of store-*.
fn product(row: u32, i: u32, v: mat2x4f) -> f32 {
  let w = weight_tile(row, i);
  return (dot(w[0], v[0]) + dot(w[1], v[1])) * weight_scale(row, i);
}

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.x * 4;
  if (row >= ROWS) { return; }
  prepare(id.x, 0);
  var sum = vec4f();
  for (var i: u32 = 0; i < K / 8; i++) {
    let v = input(i);
    sum += vec4f(product(row, i, v), product(row + 1, i, v), product(row + 2, i, v), product(row + 3, i, v));
  }
  store(0, ROW0 + row, sum);
}
