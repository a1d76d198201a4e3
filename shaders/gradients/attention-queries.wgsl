// dQ[n, h] = sum over j of dScore k[j], dScore = p · (dOut . v[j] - mean) · slope, mean = dOut . out, over the keys that row n sees. Keeps the means.
//
// Bindings: qkv; starts; logSumExp; dOut; dQkv, of which the queries' part is written; out; means (rows, nHead).
// Dispatch: (rows / 64, nHead), as attention.wgsl.
// Source: Dao et al., FlashAttention, 2022.
// Parts: run, rows, attended, first-seen, attention-slopes.
@group(0) @binding(7) var<storage, read> out: array<f32>;
@group(0) @binding(8) var<storage, read_write> means: array<f32>;
var<workgroup> keys: array<vec4f, KEYS * HS4>;
var<workgroup> values: array<vec4f, KEYS * HS4>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let count = row_count();
  let row0 = group.x * 64;
  if (row0 >= count) { return; }
  let head = group.y;
  let shared_head = head * task.nKvHead / task.nHead;
  let n = min(row0 + lane, count - 1);
  let first = first_seen(n);
  var q: array<vec4f, HS4>;
  var d: array<vec4f, HS4>;
  var sum: array<vec4f, HS4>;
  var mean = 0.0;
  for (var i: u32 = 0; i < HS4; i++) {
    q[i] = vector(n, head, i);
    d[i] = d_vector(n, head, i);
  }
  for (var i: u32 = 0; i < HS; i++) { mean += d[i / 4][i % 4] * out[task.out_at + n * task.out_stride + head * HS + i]; }
  for (var base = first_seen(row0); base < min(row0 + 64, count); base += KEYS) {
    workgroupBarrier();
    for (var at = lane; at < KEYS * HS4; at += 64) {
      let row = min(base + at / HS4, count - 1);
      keys[at] = vector(row, task.nHead + shared_head, at % HS4);
      values[at] = vector(row, task.nHead + task.nKvHead + shared_head, at % HS4);
    }
    workgroupBarrier();
    for (var k: u32 = 0; k < KEYS; k++) {
      if (base + k < first || base + k > n) { continue; }
      var products = vec4f();
      var d_products = vec4f();
      for (var i: u32 = 0; i < HS4; i++) {
        products += q[i] * keys[k * HS4 + i];
        d_products += d[i] * values[k * HS4 + i];
      }
      let score = capped(dot(products, vec4f(1)) * task.scale);
      let slope = d_product(score, probability(score, n, head), dot(d_products, vec4f(1)) - mean);
      for (var i: u32 = 0; i < HS4; i++) { sum[i] += slope * keys[k * HS4 + i]; }
    }
  }
  if (row0 + lane >= count) { return; }
  let to = task.dQkv_at + n * task.dQkv_stride + head * HS;
  for (var i: u32 = 0; i < HS; i++) { dQkv[to + i] = sum[i / 4][i % 4]; }
  means[n * task.nHead + head] = mean;
}
