// dX = dOut · activation'(x), and where gated also the gate's share: dOut · activation(x), with x[width ... 2 width) in the first.
//
// Bindings: x; dOut; dX, which may be x.
// Dispatch: (width / 64, rows).
// Parts: run, rows, activation.
struct Task {
  first: u32, most: u32, counted: u32,
  width: u32, gated: u32, activation: u32, x_at: u32, x_stride: u32, dOut_at: u32, dOut_stride: u32, dX_at: u32, dX_stride: u32,
}
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read> dOut: array<f32>;
@group(0) @binding(4) var<storage, read_write> dX: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.y >= row_count() || id.x >= task.width) { return; }
  let start = task.x_at + id.y * task.x_stride + id.x;
  let to = task.dX_at + id.y * task.dX_stride + id.x;
  let d = dOut[task.dOut_at + id.y * task.dOut_stride + id.x];
  let both = activation(task.activation, x[start]);
  var slope = both.y;
  if (task.gated == 1) {
    slope *= x[start + task.width];
    dX[to + task.width] = d * both.x;
  }
  dX[to] = d * slope;
}
