// What stands between a qkv layer and attention: norms of queries and keys, their rotary positions, and the way of keys and
// values into the cache.
//
// Bindings: run; settings of the layer; params: gains of queries from QUERY_GAIN on, of keys from KEY_GAIN on; y (T, A + 2 KV)
//   f32, queries (which stay there), keys, values; kv_cache; turns.
// Dispatch: (groups, 1, T). NORM is 0 for none, 1 for a norm a head, with a group a head (queries' first), 2 for one over all
//   heads, with a group of all queries and one of all keys. Norms are over
//   QUERY_COUNT values of queries and KEY_COUNT of keys; the rest is zero.
// Source: RMS norms of Zhang and Sennrich, 2019.
// Parts: run, params, settings, kv-write-*, reduce-*, one of turn-*.
@group(0) @binding(7) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let t = group.z;
  let is_key = group.x >= QUERY_GROUPS;
  let unit = group.x - select(0, QUERY_GROUPS, is_key);
  let width: u32 = select(select(A, KV, is_key), HS, NORM < 2) / 4;
  let count = select(f32(QUERY_COUNT), f32(KEY_COUNT), is_key);
  let row = t * ((A + 2 * KV) / 4);
  let first = row + select(0, A / 4, is_key) + unit * width;
  let gain = select(QUERY_GAIN, KEY_GAIN, is_key) / 4;

  var scale = 1.0;
  if (NORM > 0) {
    var sum = 0.0;
    for (var i = lane; i < width; i += WG) { sum += dot(y[first + i], y[first + i]); }
    scale = inverseSqrt(reduce_sum(vec4f(sum), lane).x / count + EPSILON);
  }
  let position = run.position + t - run.tokens[t].y;
  let kept = run.position + t - settings.base;
  for (var i = lane; i < width; i += WG) {
    var value = y[first + i];
    if (NORM > 0) { value *= scale * params[gain + i]; }
    value = turn(position, i % (HS / 4), value);
    if (is_key) {
      kv_write(kept * (KV / 4) + unit * width + i, value);
      kv_write((settings.capacity + kept) * (KV / 4) + unit * width + i, y[first + KV / 4 + i]);
    } else {
      y[first + i] = value;
    }
  }
}
