// out[n, h] = sum over j of softmax_j(score) v[j], score = capped(scale q[n, h] . k[j]), over the keys that row n sees. Keeps log(sum of e^score).
//
// Bindings: qkv (rows, A + 2 KV); starts: the first row of each row's sequence; out (rows, A); logSumExp (rows, nHead).
// Dispatch: (rows / 64, nHead). A lane has a row's query and sum in registers and goes through the keys, which all 64 lanes bring to workgroup
//   memory, KEYS at a time: the rows of a workgroup see much the same ones.
// Source: Dao et al., FlashAttention, 2022; running softmax of Milakov and Gimelshein, 2018.
// Parts: run, rows, attended, first-seen.
@group(0) @binding(4) var<storage, read_write> out: array<f32>;
@group(0) @binding(5) var<storage, read_write> logSumExp: array<f32>;
var<workgroup> keys: array<vec4f, KEYS * HS4>;
var<workgroup> values: array<vec4f, KEYS * HS4>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let count = row_count();
  let row0 = group.x * 64;
  if (row0 >= count) { return; }
  let head = group.y;
  let shared_head = head * task.nKvHead / task.nHead;
  // Lanes behind the last row do the last one's work, and keep it to themselves.
  let n = min(row0 + lane, count - 1);
  let first = first_seen(n);
  var q: array<vec4f, HS4>;
  var sum: array<vec4f, HS4>;
  for (var i: u32 = 0; i < HS4; i++) { q[i] = vector(n, head, i); }
  var m = -3e38;
  var l = 0.0;
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
      for (var i: u32 = 0; i < HS4; i++) { products += q[i] * keys[k * HS4 + i]; }
      let score = capped(dot(products, vec4f(1)) * task.scale);
      let most = max(m, score);
      let shrink = exp(m - most);
      let weight = exp(score - most);
      m = most;
      l = l * shrink + weight;
      for (var i: u32 = 0; i < HS4; i++) { sum[i] = sum[i] * shrink + weight * values[k * HS4 + i]; }
    }
  }
  if (row0 + lane >= count) { return; }
  let to = task.out_at + n * task.out_stride + head * HS;
  for (var i: u32 = 0; i < HS; i++) { out[to + i] = sum[i / 4][i % 4] / l; }
  logSumExp[task.logSumExp_at + n * task.logSumExp_stride + head] = m + log(l);
}
