// y[t, n] = sum over k of W[n, k] x[t, k], as matmul.wgsl, by the matrix units of a GPU: products of f16, sums in f32.
//
// Bindings: as matmul.wgsl.
// Dispatch: (ceil(rows / 64), ceil(T / 64)). Four subgroups of 32 lanes make a tile of 64 tokens by 64 outputs, each a quarter of
//   it, in matrices of SIZE by SIZE, over 32 inputs at a time in workgroup memory. Rows of the tiles are 40 values apart, not 32,
//   so that rows begin in different banks. Activations beyond f16 become its largest number.
// Parts: run, params, one of bias-*, weights-*, one of store-*.
enable f16;
enable subgroups;
enable chromium_experimental_subgroup_matrix;
// That a subgroup is 32 lanes in a row, which makes all that depends on `unit` uniform in it, cannot be seen here.
diagnostic(off, chromium.subgroup_matrix_uniformity);
@group(0) @binding(4) var<storage, read> x: array<vec4f>;
alias Left = subgroup_matrix_left<f16, SIZE, SIZE>;
alias Right = subgroup_matrix_right<f16, SIZE, SIZE>;
alias Sums = subgroup_matrix_result<f32, SIZE, SIZE>;
const SIDE: u32 = 32 / SIZE;
const STRIDE: u32 = 40;
var<workgroup> x_tile: array<f16, 64 * STRIDE>;
var<workgroup> w_tile: array<f16, 64 * STRIDE>;
var<workgroup> results: array<f32, 4 * SIZE * SIZE>;

@compute @workgroup_size(128)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row0 = group.x * 64;
  let t0 = group.y * 64;
  let unit = lane / 32;
  let top = unit / 2 * 32;
  let left = unit % 2 * 32;
  var sums: array<Sums, SIDE * SIDE>;
  for (var k: u32 = 0; k < K / 8; k += 4) {
    for (var i = lane; i < 512; i += 128) {
      let t = t0 + i / 8;
      var values = vec4f();
      if (t < run.count) { values = clamp(x[t * (K / 4) + k * 2 + i % 8], vec4f(-65504), vec4f(65504)); }
      for (var c: u32 = 0; c < 4; c++) { x_tile[i / 8 * STRIDE + i % 8 * 4 + c] = f16(values[c]); }
    }
    for (var i = lane; i < 256; i += 128) {
      let row = row0 + i / 4;
      var w = mat2x4f();
      if (row < ROWS) { w = weight_tile(row, k + i % 4) * weight_scale(row, k + i % 4); }
      for (var c: u32 = 0; c < 8; c++) { w_tile[i / 4 * STRIDE + i % 4 * 8 + c] = f16(w[c / 4][c % 4]); }
    }
    workgroupBarrier();
    for (var at: u32 = 0; at < 32; at += SIZE) {
      var rights: array<Right, SIDE>;
      for (var b: u32 = 0; b < SIDE; b++) { rights[b] = subgroupMatrixLoad<Right, col_major>(&w_tile, (left + b * SIZE) * STRIDE + at, STRIDE); }
      for (var a: u32 = 0; a < SIDE; a++) {
        let l = subgroupMatrixLoad<Left, row_major>(&x_tile, (top + a * SIZE) * STRIDE + at, STRIDE);
        for (var b: u32 = 0; b < SIDE; b++) { sums[a * SIDE + b] = subgroupMatrixMultiplyAccumulate(l, rights[b], sums[a * SIDE + b]); }
      }
    }
    workgroupBarrier();
  }
  for (var s: u32 = 0; s < SIDE * SIDE; s++) {
    subgroupMatrixStore<row_major>(&results, unit * SIZE * SIZE, sums[s], SIZE);
    workgroupBarrier();
    for (var i = lane % 32; i < SIZE * SIZE / 4; i += 32) {
      let t = t0 + top + s / SIDE * SIZE + i / (SIZE / 4);
      let row = row0 + left + s % SIDE * SIZE + i % (SIZE / 4) * 4;
      let at = unit * SIZE * SIZE + i * 4;
      if (t < run.count && row < ROWS) { store(t, ROW0 + row, vec4f(results[at], results[at + 1], results[at + 2], results[at + 3])); }
    }
    workgroupBarrier();
  }
}
