// kept[t] = residual[t] + norm of x[t], normed[t] = norm of kept[t] (or the same where NORMED is 0), for all T rows of a
// prefill chunk.
//
// Bindings: params: gain (K) and shift (K) of the second norm, then of the first; x, residual, kept, normed (T, K) f32.
// Dispatch: (T), one workgroup a row.
// Parts: params, one of norm-*, rows-joined, reduce-*.
@group(0) @binding(5) var<storage, read_write> kept: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> normed: array<vec4f>;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  measure(group.x, lane);
  for (var i = lane; i < K / 4; i += WG) {
    kept[group.x * (K / 4) + i] = kept_value(group.x, i);
    normed[group.x * (K / 4) + i] = normalise(group.x, i);
  }
}
