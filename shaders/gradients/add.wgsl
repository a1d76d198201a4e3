// out = a + b. out may be either.
//
// Bindings: a; b; out.
// Dispatch: (width / 64, rows).
// Parts: run, rows.
struct Task {
  first: u32, most: u32, counted: u32,
  width: u32, a_at: u32, a_stride: u32, b_at: u32, b_stride: u32, out_at: u32, out_stride: u32,
}
@group(0) @binding(2) var<storage, read> a: array<f32>;
@group(0) @binding(3) var<storage, read> b: array<f32>;
@group(0) @binding(4) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.y >= row_count() || id.x >= task.width) { return; }
  let sum = a[task.a_at + id.y * task.a_stride + id.x] + b[task.b_at + id.y * task.b_stride + id.x];
  out[task.out_at + id.y * task.out_stride + id.x] = sum;
}
