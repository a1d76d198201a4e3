// dX of c: dOut · (bias + ...); of b and u: each other times the sum over the rows that see this one of dOut · c · kernel.
//
// Bindings: x; weight; bias; starts: the first row of each row's sequence; dOut; dX.
// Dispatch: (width / 64, rows).
// Parts: run, rows, convolved.
@group(0) @binding(6) var<storage, read> dOut: array<f32>;
@group(0) @binding(7) var<storage, read_write> dX: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let count = row_count();
  let n = id.y;
  let i = id.x;
  if (n >= count || i >= task.width) { return; }
  var sum = 0.0;
  for (var later: u32 = 0; later < task.size && n + later < count; later++) {
    if (u32(starts[n + later]) > n) { break; }
    let gate = x[task.x_at + (n + later) * task.x_stride + task.width + i];
    sum += dOut[task.dOut_at + (n + later) * task.dOut_stride + i] * gate * weight[task.weight_at + (i + 1) * task.size - 1 - later];
  }
  let start = task.x_at + n * task.x_stride + i;
  let to = task.dX_at + n * task.dX_stride + i;
  dX[to] = sum * x[start + 2 * task.width];
  dX[to + task.width] = dOut[task.dOut_at + n * task.dOut_stride + i] * convolved(n, i);
  dX[to + 2 * task.width] = sum * x[start];
}
