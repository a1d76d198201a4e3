// Candidates for sampling, first of three kernels: the largest logit of each of PEAKS groups, and what a softmax over all V needs.
// Neighbouring tokens, which are often likely together, are in different groups.
//
// Bindings: logits (V) f32; peaks (PEAKS) f32; sums: for each workgroup the largest logit m and the sum of e^(logit - m) of its
//   share; listed, of which the count is set to zero.
// Dispatch: (PEAKS / 4 / WG).
// Source: running softmax of Milakov and Gimelshein, 2018.
// Parts: reduce-*.
@group(0) @binding(4) var<storage, read> logits: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> sums: array<vec2f>;
@group(0) @binding(6) var<storage, read_write> listed: array<vec2u>;
@group(0) @binding(7) var<storage, read_write> peaks: array<vec4f>;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let first = group.x * WG + lane;
  var most = vec4f(-3e38);
  var sum = vec4f();
  for (var i = first; i < (V + 3) / 4; i += PEAKS / 4) {
    let inside = vec4u(i * 4) + vec4u(0, 1, 2, 3) < vec4u(V);
    let values = select(vec4f(-3e38), logits[i], inside);
    let larger = max(most, values);
    sum = sum * exp(most - larger) + select(vec4f(), exp(values - larger), inside);
    most = larger;
  }
  peaks[first] = most;
  let largest = reduce_max(max(max(most.x, most.y), max(most.z, most.w)), lane);
  let total = dot(reduce_sum(sum * exp(most - largest), lane), vec4f(1));
  if (lane == 0) { sums[group.x] = vec2f(largest, total); }
  if (first == 0) { listed[0] = vec2u(); }
}
