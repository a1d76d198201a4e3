// dOut itself, of vector r.
struct Task {
  first: u32, most: u32, counted: u32,
  columns: u32, groups: u32, dOut_at: u32, dOut_stride: u32, out_at: u32,
}
@group(0) @binding(3) var<storage, read> dOut: array<f32>;

fn term(r: u32, i: u32) -> f32 {
  return dOut[task.dOut_at + r / task.groups * task.dOut_stride + r % task.groups * task.columns + i];
}
