// out = activation(x[0 ... width)), times x[width ... 2 width) where gated.
//
// Bindings: x; out.
// Dispatch: (width / 64, rows).
// Parts: run, rows, activation.
struct Task {
  first: u32, most: u32, counted: u32,
  width: u32, gated: u32, activation: u32, x_at: u32, x_stride: u32, out_at: u32, out_stride: u32,
}
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.y >= row_count() || id.x >= task.width) { return; }
  let start = task.x_at + id.y * task.x_stride + id.x;
  var value = activation(task.activation, x[start]).x;
  if (task.gated == 1) { value *= x[start + task.width]; }
  out[task.out_at + id.y * task.out_stride + id.x] = value;
}
