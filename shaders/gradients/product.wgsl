// out (+)= scale · A · B + bias, with A (lines, depth) and B (depth, columns): all three products of a linear layer.
//
// x · Wᵀ: A is x, B is W turned (TURNED 1). dOut · W: A is dOut, B is W. dOutᵀ · x: A is dOut turned (SUMS_ROWS 1), B is x.
// Bindings: a; weights, scales: B; bias; out. The step's rows are lines, or with SUMS_ROWS the depth.
// Dispatch: (columns / 32, lines / 32). 64 lanes make a tile of 32 by 32, each lane 4 by 4 of it in registers, over DEPTH of the depth at
//   a time in workgroup memory. Rows of the tiles are 9 vec4f apart, not 8, so that lanes that write a column use different banks.
// Parts: run, rows, weights-*, scales where quantised.
struct Task {
  first: u32, most: u32, counted: u32,
  lines: u32, depth: u32, columns: u32,
  a_at: u32, a_stride: u32,
  weights_at: u32, weights_stride: u32,
  scale: f32,
  has_bias: u32, bias_at: u32,
  accumulate: u32, out_at: u32, out_stride: u32,
}
@group(0) @binding(4) var<storage, read> a: array<f32>;
@group(0) @binding(5) var<storage, read> bias: array<f32>;
@group(0) @binding(6) var<storage, read_write> out: array<f32>;
var<workgroup> a_tile: array<vec4f, DEPTH * 9>;
var<workgroup> b_tile: array<vec4f, DEPTH * 9>;

fn read_a(line: u32, k: u32, lines: u32, depth: u32) -> f32 {
  if (line >= lines || k >= depth) { return 0.0; }
  return a[task.a_at + select(line * task.a_stride + k, k * task.a_stride + line, SUMS_ROWS == 1)];
}

fn read_b(k: u32, column: u32, depth: u32) -> f32 {
  if (column >= task.columns || k >= depth) { return 0.0; }
  return weight(select(k, column, TURNED == 1), select(column, k, TURNED == 1));
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let lines = select(row_count(), task.lines, SUMS_ROWS == 1);
  let depth = select(task.depth, row_count(), SUMS_ROWS == 1);
  let line0 = group.y * 32;
  let column0 = group.x * 32;
  if (line0 >= lines) { return; }
  var sum: array<vec4f, 4>;
  for (var k0: u32 = 0; k0 < depth; k0 += DEPTH) {
    // Neighbouring lanes read neighbouring values, whichever way an operand lies.
    for (var at = lane; at < DEPTH * 8; at += 64) {
      let along = vec2u(at % DEPTH, at / DEPTH * 4);
      let across = vec2u(at / 8, at % 8 * 4);
      let i = select(along, across, SUMS_ROWS == 1);
      let j = select(across, along, TURNED == 1);
      var values: vec4f;
      var weights4: vec4f;
      for (var c: u32 = 0; c < 4; c++) {
        values[c] = read_a(line0 + i.y + c, k0 + i.x, lines, depth);
        weights4[c] = read_b(k0 + j.x, column0 + j.y + c, depth);
      }
      a_tile[i.x * 9 + i.y / 4] = values;
      b_tile[j.x * 9 + j.y / 4] = weights4;
    }
    workgroupBarrier();
    for (var k: u32 = 0; k < DEPTH; k++) {
      let b = b_tile[k * 9 + lane % 8];
      let values = a_tile[k * 9 + lane / 8];
      for (var r: u32 = 0; r < 4; r++) { sum[r] += values[r] * b; }
    }
    workgroupBarrier();
  }
  for (var r: u32 = 0; r < 4; r++) {
    let line = line0 + lane / 8 * 4 + r;
    for (var c: u32 = 0; c < 4; c++) {
      let column = column0 + lane % 8 * 4 + c;
      if (line < lines && column < task.columns) {
        let at = task.out_at + line * task.out_stride + column;
        var value = task.scale * sum[r][c];
        if (task.has_bias == 1) { value += bias[task.bias_at + column]; }
        if (task.accumulate == 1) { value += out[at]; }
        out[at] = value;
      }
    }
  }
}
