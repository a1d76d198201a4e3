// out = c · (bias + sum over j of kernel[i, j] · (b · u) of row n - size + 1 + j).
//
// Bindings: x; weight; bias; starts: the first row of each row's sequence; out.
// Dispatch: (width / 64, rows).
// Parts: run, rows, convolved.
@group(0) @binding(6) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.y >= row_count() || id.x >= task.width) { return; }
  let gate = x[task.x_at + id.y * task.x_stride + task.width + id.x];
  out[task.out_at + id.y * task.out_stride + id.x] = gate * convolved(id.y, id.x);
}
