// y[t, h] = sum over j of softmax_j(scale q[t, h] . k[j, h]) v[j, h], as attention.wgsl with SPLITS 1, for software adapters:
// one lane makes one head of one token, without workgroup memory.
//
// Bindings: as attention.wgsl, without stats.
// Dispatch: (ceil(NH / 4), 1, T), four lanes a workgroup.
// Source: Vaswani et al., 2017; running softmax of Milakov and Gimelshein, 2018.
// Parts: run, settings, kv-read-*, one of cap-*.
@group(0) @binding(4) var<storage, read> q: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let head = id.x;
  if (head >= NH) { return; }
  let begin = run.tokens[id.z].y;
  let end = run.position + id.z + 1 - begin;
  let query = (id.z * Q + head * HS) / 4;
  var sum: array<vec4f, HS / 4>;
  var m = -3e38;
  var l = 0.0;
  for (var j = first_key(end); j < end; j++) {
    let key = (cache_row(j, begin) * KV + head / SHARED * HS) / 4;
    var products = vec4f();
    for (var i: u32 = 0; i < HS / 4; i++) { products += q[query + i] * kv_read(key + i); }
    let score = capped(vec4f(dot(products, vec4f(1)) * settings.scale)).x;
    let most = max(m, score);
    let shrink = exp(m - most);
    let weight = exp(score - most);
    m = most;
    l = l * shrink + weight;
    let value = key + settings.capacity * (KV / 4);
    for (var i: u32 = 0; i < HS / 4; i++) { sum[i] = sum[i] * shrink + weight * kv_read(value + i); }
  }
  for (var i: u32 = 0; i < HS / 4; i++) { y[(id.z * A + head * HS) / 4 + i] = sum[i] / l; }
}
