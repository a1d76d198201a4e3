// Queries of attention.wgsl as the qkv layer left them, (A + 2 KV) with keys and values of the token: norms and turns are made here,
// as heads.wgsl makes them for a chunk, which saves a dispatch. HEADS is SHARED: one workgroup that reads them owns the token's
// key and value and writes them to the cache, before it reads them there.
@group(0) @binding(4) var<storage, read> q: array<vec4f>;
var<workgroup> queries: array<vec4f, HEADS * LANES>;

fn kv_read(i: u32) -> vec4f { return kv_written(i); }
fn query(head: u32, h: u32, i: u32) -> vec4f { return queries[h * LANES + i]; }

fn prepare_queries(head: u32, lane: u32, owns: bool) {
  let keys = A / 4 + head / SHARED * LANES;
  var joint = vec2f(1);
  if (NORM == 2) {
    var sum = vec4f();
    for (var i = lane; i < (A + KV) / 4; i += WG) {
      let square = dot(q[i], q[i]);
      if (i < A / 4) { sum.x += square; } else { sum.y += square; }
    }
    joint = inverseSqrt(reduce_sum(sum, lane).xy / vec2f(vec2u(QUERY_COUNT, KEY_COUNT)) + EPSILON);
  }
  if (NORM == 1) {
    for (var u = lane; u < (HEADS + 1) * LANES; u += WG) {
      let value = q[select(head * LANES + u, keys + u % LANES, u >= HEADS * LANES)];
      shared_values[u] = dot(value, value);
    }
    workgroupBarrier();
  }
  let kept = run.position - settings.base;
  for (var u = lane; u < (HEADS + 1) * LANES; u += WG) {
    let is_key = u >= HEADS * LANES;
    let i = u % LANES;
    let at = select(head * LANES + u, keys + i, is_key);
    var value = q[at];
    if (NORM == 1) {
      var sum = 0.0;
      for (var j: u32 = 0; j < LANES; j++) { sum += shared_values[u - i + j]; }
      let count = select(f32(QUERY_COUNT), f32(KEY_COUNT), is_key);
      value *= inverseSqrt(sum / count + EPSILON) * params[select(QUERY_GAIN, KEY_GAIN, is_key) / 4 + i];
    }
    // Gains of all heads together stand as the heads do.
    if (NORM == 2) { value *= select(joint.x, joint.y, is_key) * params[QUERY_GAIN / 4 + at]; }
    value = turn(run.position, i, value);
    if (!is_key) {
      queries[u] = value;
    } else if (owns) {
      let row = head / SHARED * LANES + i;
      kv_write(kept * (KV / 4) + row, value);
      kv_write((settings.capacity + kept) * (KV / 4) + row, q[keys + KV / 4 + i]);
    }
  }
  storageBarrier();
  workgroupBarrier();
}
