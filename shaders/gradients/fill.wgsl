// out = value, `length` times.
//
// Bindings: out.
// Dispatch: some workgroups, which take 64 values in turn.
// Parts: run.
struct Task { length: u32, value: f32, out_at: u32 }
@group(0) @binding(2) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < task.length; i += groups.x * 64) { out[task.out_at + i] = task.value; }
}
