// dOut · (x - mean) · rstd, of vector r.
struct Task {
  first: u32, most: u32, counted: u32,
  columns: u32, groups: u32, x_at: u32, x_stride: u32, stats_at: u32, dOut_at: u32, dOut_stride: u32, out_at: u32,
}
@group(0) @binding(3) var<storage, read> dOut: array<f32>;
@group(0) @binding(4) var<storage, read> x: array<f32>;
@group(0) @binding(5) var<storage, read> stats: array<f32>;

fn term(r: u32, i: u32) -> f32 {
  let row = r / task.groups;
  let at = r % task.groups * task.columns + i;
  let normed = (x[task.x_at + row * task.x_stride + at] - stats[task.stats_at + 2 * r]) * stats[task.stats_at + 2 * r + 1];
  return dOut[task.dOut_at + row * task.dOut_stride + at] * normed;
}
