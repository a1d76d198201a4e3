// y[t, n] = sum over k of W[n, k] x[t, k], for the T tokens of a prefill chunk.
//
// Bindings: run; x (T, K) f32; weights, scales: rows ROW0 ... of W (N, K); those of the store part.
// Dispatch: (rows / 32, ceil(T / 32)). 64 lanes make a tile of 32 tokens by 32 outputs, each lane 4 by 4 of it in
//   registers, over 32 inputs at a time in workgroup memory. Rows of the tiles are 9 vec4f apart, not 8, and outputs are
//   stored four apart, so that the lanes of a row read different banks.
// With AHEAD 1 the next inputs are on their way from memory while these are multiplied.
// Parts: run, params, one of bias-*, weights-*, one of store-*.
@group(0) @binding(4) var<storage, read> x: array<vec4f>;
var<workgroup> x_tile: array<vec4f, 32 * 9>;
var<workgroup> w_tile: array<vec4f, 32 * 9>;

// What one lane brings of 32 inputs, from tile k on.
fn fetch(k: u32, t0: u32, row0: u32, lane: u32, xs: ptr<function, array<vec4f, 4>>, ws: ptr<function, array<mat2x4f, 2>>) {
  for (var u: u32 = 0; u < 4; u++) { (*xs)[u] = x[(t0 + lane / 8 + u * 8) * (K / 4) + k * 2 + lane % 8]; }
  for (var u: u32 = 0; u < 2; u++) {
    let row = row0 + lane / 4 + u * 16;
    (*ws)[u] = weight_tile(row, k + lane % 4) * weight_scale(row, k + lane % 4);
  }
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row0 = group.x * 32;
  let t0 = group.y * 32;
  let column = lane % 8;
  let line = lane / 8;
  var sum: array<vec4f, 4>;
  var xs: array<vec4f, 4>;
  var ws: array<mat2x4f, 2>;
  fetch(0, t0, row0, lane, &xs, &ws);
  for (var k: u32 = 4; k <= K / 8; k += 4) {
    for (var u: u32 = 0; u < 4; u++) { x_tile[(line + u * 8) * 9 + column] = xs[u]; }
    for (var u: u32 = 0; u < 2; u++) {
      let row = lane / 4 + u * 16;
      let at = ((row % 4) * 8 + row / 4) * 9 + (lane % 4) * 2;
      w_tile[at] = ws[u][0];
      w_tile[at + 1] = ws[u][1];
    }
    workgroupBarrier();
    if (AHEAD == 1 && k < K / 8) { fetch(k, t0, row0, lane, &xs, &ws); }
    for (var j: u32 = 0; j < 8; j++) {
      let w = mat4x4f(w_tile[column * 9 + j], w_tile[(8 + column) * 9 + j], w_tile[(16 + column) * 9 + j], w_tile[(24 + column) * 9 + j]);
      for (var r: u32 = 0; r < 4; r++) { sum[r] += x_tile[(line + r * 8) * 9 + j] * w; }
    }
    workgroupBarrier();
    if (AHEAD == 0 && k < K / 8) { fetch(k, t0, row0, lane, &xs, &ws); }
  }
  for (var r: u32 = 0; r < 4; r++) {
    let t = t0 + line + r * 8;
    if (t < run.count) { store(t, ROW0 + row0 + column * 4, sum[r]); }
  }
}
