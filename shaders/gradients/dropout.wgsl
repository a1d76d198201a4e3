// out = 0 where the random number of a value is below `below`, else x · kept. out may be x.
//
// Bindings: x; out.
// Dispatch: (width / 64, rows).
// Source: as sdk/gradients/dropout-random.ts: PCG-RXS-M-XS-32 as a hash (Jarzynski and Olano, 2020).
// Parts: run, rows.
struct Task {
  first: u32, most: u32, counted: u32,
  width: u32, below: u32, kept: f32, salt: u32, x_at: u32, x_stride: u32, out_at: u32, out_stride: u32,
}
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read_write> out: array<f32>;

fn pcg_hash(value: u32) -> u32 {
  let state = value * 747796405 + 2891336453;
  let word = ((state >> ((state >> 28) + 4)) ^ state) * 277803737;
  return (word >> 22) ^ word;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.y >= row_count() || id.x >= task.width) { return; }
  let random = pcg_hash(pcg_hash(run.dropoutSeed + task.salt * 0x9e3779b9) + (task.first + id.y) * task.width + id.x);
  let value = x[task.x_at + id.y * task.x_stride + id.x] * task.kept;
  out[task.out_at + id.y * task.out_stride + id.x] = select(value, 0.0, random < task.below);
}
