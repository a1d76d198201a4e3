// partial[b] = sum of the squares of block b of 4,096 values.
//
// Bindings: values (length); partial (length / 4096).
// Dispatch: some workgroups, which take blocks in turn.
// Parts: run, reduce-workgroup.
struct Task { length: u32, values_at: u32, partial_at: u32 }
@group(0) @binding(2) var<storage, read> values: array<f32>;
@group(0) @binding(3) var<storage, read_write> partial: array<f32>;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  for (var block = group.x; block * 4096 < task.length; block += groups.x) {
    var sum = 0.0;
    for (var i = block * 4096 + lane; i < min(task.length, block * 4096 + 4096); i += WG) {
      sum += values[task.values_at + i] * values[task.values_at + i];
    }
    sum = reduce_sum(vec4f(sum), lane).x;
    if (lane == 0) { partial[task.partial_at + block] = sum; }
  }
}
