// dX (+)= rstd · (g - mean(g) - y · mean(g · y)), with g = dOut · weight and y = (x - mean) · rstd; RMS norms have no mean(g).
//
// Bindings: x; weight (width); stats (rows · groups, 2); dOut; dX, which may be dOut.
// Dispatch: (rows, groups), one workgroup a vector.
// Parts: run, rows, reduce-workgroup.
struct Task {
  first: u32, most: u32, counted: u32,
  groups: u32, width: u32, rms: u32, accumulate: u32,
  x_at: u32, x_stride: u32, weight_at: u32, stats_at: u32, dOut_at: u32, dOut_stride: u32, dX_at: u32, dX_stride: u32,
}
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read> weight: array<f32>;
@group(0) @binding(4) var<storage, read> stats: array<f32>;
@group(0) @binding(5) var<storage, read> dOut: array<f32>;
@group(0) @binding(6) var<storage, read_write> dX: array<f32>;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = group.x;
  if (row >= row_count()) { return; }
  let kept = task.stats_at + 2 * (row * task.groups + group.y);
  let mean = stats[kept];
  let rstd = stats[kept + 1];
  let x0 = task.x_at + row * task.x_stride + group.y * task.width;
  let d0 = task.dOut_at + row * task.dOut_stride + group.y * task.width;
  let to = task.dX_at + row * task.dX_stride + group.y * task.width;
  var sums = vec4f();
  for (var i = lane; i < task.width; i += WG) {
    let g = dOut[d0 + i] * weight[task.weight_at + i];
    sums += vec4f(g, g * (x[x0 + i] - mean) * rstd, 0.0, 0.0);
  }
  var means = reduce_sum(sums, lane) / f32(task.width);
  if (task.rms == 1) { means.x = 0.0; }
  for (var i = lane; i < task.width; i += WG) {
    let g = dOut[d0 + i] * weight[task.weight_at + i];
    var value = rstd * (g - means.x - (x[x0 + i] - mean) * rstd * means.y);
    if (task.accumulate == 1) { value += dX[to + i]; }
    dX[to + i] = value;
  }
}
