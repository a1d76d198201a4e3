// y[t, n] = sum over k of W[n, k] x[t, k], for the T tokens of a prefill chunk.
//
// Bindings: run; x (T, K) f32; weights, scales: rows ROW0 ... of W (N, K); those of the store part.
// Dispatch: (rows / 32, ceil(T / 32)). 64 lanes make a tile of 32 tokens by 32 outputs, each lane 4 by 4 of it in
//   registers, over 32 inputs at a time in workgroup memory. Rows of the tiles are 9 vec4f apart, not 8, and outputs are
//   stored four apart, so that the lanes of a row read different banks.
// Parts: run, params, weights-*, one of store-*.
@group(0) @binding(4) var<storage, read> x: array<vec4f>;
var<workgroup> x_tile: array<vec4f, 32 * 9>;
var<workgroup> w_tile: array<vec4f, 32 * 9>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row0 = group.x * 32;
  let t0 = group.y * 32;
  let column = lane % 8;
  let line = lane / 8;
  var sum: array<vec4f, 4>;
  for (var k: u32 = 0; k < K / 8; k += 4) {
    for (var i = lane; i < 256; i += 64) {
      x_tile[(i / 8) * 9 + i % 8] = x[(t0 + i / 8) * (K / 4) + k * 2 + i % 8];
    }
    for (var i = lane; i < 128; i += 64) {
      let row = i / 4;
      let w = weight_tile(row0 + row, k + i % 4) * weight_scale(row0 + row, k + i % 4);
      let at = ((row % 4) * 8 + row / 4) * 9 + (i % 4) * 2;
      w_tile[at] = w[0];
      w_tile[at + 1] = w[1];
    }
    workgroupBarrier();
    for (var j: u32 = 0; j < 8; j++) {
      let w = mat4x4f(w_tile[column * 9 + j], w_tile[(8 + column) * 9 + j], w_tile[(16 + column) * 9 + j], w_tile[(24 + column) * 9 + j]);
      for (var r: u32 = 0; r < 4; r++) { sum[r] += x_tile[(line + r * 8) * 9 + j] * w; }
    }
    workgroupBarrier();
  }
  for (var r: u32 = 0; r < 4; r++) {
    let t = t0 + line + r * 8;
    if (t < run.count) { store(t, ROW0 + row0 + column * 4, sum[r]); }
  }
}
