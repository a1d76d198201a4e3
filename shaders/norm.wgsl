// normed[t] = norm of x[t], for all T rows of a prefill chunk.
//
// Bindings: params: gain (K), shift (K); x (T, K) f32; normed (T, K) f32.
// Dispatch: (T), one workgroup a row.
// Parts: params, one of norm-*, rows-plain, reduce-*.
@group(0) @binding(7) var<storage, read_write> normed: array<vec4f>;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  measure(group.x, lane);
  for (var i = lane; i < K / 4; i += WG) { normed[group.x * (K / 4) + i] = normalise(group.x, i); }
}
