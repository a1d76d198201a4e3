// out = (x - mean) · rstd · weight + bias, of `groups` vectors in each row; RMS norms take no mean away. Keeps mean and rstd.
//
// Bindings: x; weight (width); bias (width); out; stats (rows · groups, 2). out may be x.
// Dispatch: (rows, groups), one workgroup a vector.
// Parts: run, rows, reduce-workgroup.
struct Task {
  first: u32, most: u32, counted: u32,
  groups: u32, width: u32, rms: u32, epsilon: f32,
  x_at: u32, x_stride: u32, weight_at: u32, has_bias: u32, bias_at: u32, out_at: u32, out_stride: u32, has_stats: u32, stats_at: u32,
}
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read> weight: array<f32>;
@group(0) @binding(4) var<storage, read> bias: array<f32>;
@group(0) @binding(5) var<storage, read_write> out: array<f32>;
@group(0) @binding(6) var<storage, read_write> stats: array<f32>;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = group.x;
  if (row >= row_count()) { return; }
  let start = task.x_at + row * task.x_stride + group.y * task.width;
  var mean = 0.0;
  if (task.rms == 0) {
    var sum = 0.0;
    for (var i = lane; i < task.width; i += WG) { sum += x[start + i]; }
    mean = reduce_sum(vec4f(sum), lane).x / f32(task.width);
  }
  var squares = 0.0;
  for (var i = lane; i < task.width; i += WG) { squares += (x[start + i] - mean) * (x[start + i] - mean); }
  let rstd = 1 / sqrt(reduce_sum(vec4f(squares), lane).x / f32(task.width) + task.epsilon);
  let to = task.out_at + row * task.out_stride + group.y * task.width;
  for (var i = lane; i < task.width; i += WG) {
    var value = (x[start + i] - mean) * rstd * weight[task.weight_at + i];
    if (task.has_bias == 1) { value += bias[task.bias_at + i]; }
    out[to + i] = value;
  }
  if (task.has_stats == 1 && lane == 0) {
    let at = task.stats_at + 2 * (row * task.groups + group.y);
    stats[at] = mean;
    stats[at + 1] = rstd;
  }
}
