// Channel i's share of row r in the gradient of its kernel (size), or of its bias where size is 0: dOut · c · b · u of the row that is seen.
struct Task {
  first: u32, most: u32, counted: u32,
  columns: u32, groups: u32, width: u32, size: u32, x_at: u32, x_stride: u32, dOut_at: u32, dOut_stride: u32, starts_at: u32, out_at: u32,
}
@group(0) @binding(3) var<storage, read> dOut: array<f32>;
@group(0) @binding(4) var<storage, read> x: array<f32>;
@group(0) @binding(5) var<storage, read> starts: array<i32>;

fn term(r: u32, column: u32) -> f32 {
  let size = max(task.size, 1u);
  let i = column / size;
  let value = dOut[task.dOut_at + r * task.dOut_stride + i] * x[task.x_at + r * task.x_stride + task.width + i];
  if (task.size == 0) { return value; }
  // Rows before this one, none of another sequence.
  let back = size - 1 - column % size;
  if (r < u32(starts[task.starts_at + r]) + back) { return 0.0; }
  let seen = task.x_at + (r - back) * task.x_stride + i;
  return value * x[seen] * x[seen + 2 * task.width];
}
