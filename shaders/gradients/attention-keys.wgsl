// dK[j] = sum over n of dScore q[n], dV[j] = sum over n of p dOut[n], over the rows n that see row j and the query heads that share its keys.
//
// Bindings: qkv; ends: the row after the last of each row's sequence; logSumExp; dOut; dQkv, of which the keys' and values' parts are
//   written; means (rows, nHead) of attention-queries.wgsl.
// Dispatch: (rows / 64, nKvHead). A lane has a row's key, value and their gradients in registers and goes through the queries, KEYS at a time.
// Source: Dao et al., FlashAttention, 2022.
// Parts: run, rows, attended, attention-slopes.
@group(0) @binding(3) var<storage, read> ends: array<i32>;
@group(0) @binding(7) var<storage, read> means: array<f32>;
var<workgroup> queries: array<vec4f, KEYS * HS4>;
var<workgroup> ds: array<vec4f, KEYS * HS4>;

// The row after the last that sees row j.
fn end_seen(j: u32, count: u32) -> u32 {
  let end = min(u32(ends[j]), count);
  if (task.window == 0) { return end; }
  return min(end, j + task.window);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let count = row_count();
  let row0 = group.x * 64;
  if (row0 >= count) { return; }
  let shared_head = group.y;
  let j = min(row0 + lane, count - 1);
  let end = end_seen(j, count);
  var key: array<vec4f, HS4>;
  var value: array<vec4f, HS4>;
  var d_key: array<vec4f, HS4>;
  var d_value: array<vec4f, HS4>;
  for (var i: u32 = 0; i < HS4; i++) {
    key[i] = vector(j, task.nHead + shared_head, i);
    value[i] = vector(j, task.nHead + task.nKvHead + shared_head, i);
  }
  let last = end_seen(min(row0 + 63, count - 1), count);
  for (var head: u32 = 0; head < task.nHead; head++) {
    if (head * task.nKvHead / task.nHead != shared_head) { continue; }
    for (var base = row0; base < last; base += KEYS) {
      workgroupBarrier();
      for (var at = lane; at < KEYS * HS4; at += 64) {
        let row = min(base + at / HS4, count - 1);
        queries[at] = vector(row, head, at % HS4);
        ds[at] = d_vector(row, head, at % HS4);
      }
      workgroupBarrier();
      for (var k: u32 = 0; k < KEYS; k++) {
        let n = base + k;
        if (n < j || n >= end) { continue; }
        var products = vec4f();
        var d_products = vec4f();
        for (var i: u32 = 0; i < HS4; i++) {
          products += key[i] * queries[k * HS4 + i];
          d_products += value[i] * ds[k * HS4 + i];
        }
        let score = capped(dot(products, vec4f(1)) * task.scale);
        let p = probability(score, n, head);
        let slope = d_product(score, p, dot(d_products, vec4f(1)) - means[n * task.nHead + head]);
        for (var i: u32 = 0; i < HS4; i++) {
          d_key[i] += slope * queries[k * HS4 + i];
          d_value[i] += p * ds[k * HS4 + i];
        }
      }
    }
  }
  if (row0 + lane >= count) { return; }
  let to = task.dQkv_at + j * task.dQkv_stride + (task.nHead + shared_head) * HS;
  for (var i: u32 = 0; i < HS; i++) {
    dQkv[to + i] = d_key[i / 4][i % 4];
    dQkv[to + task.nKvHead * HS + i] = d_value[i / 4][i % 4];
  }
}
