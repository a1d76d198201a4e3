// y[t, h] = sum over j of softmax_j(scale q[t, h] . k[j, h]) v[j, h], over the j that token t may attend to.
//
// Bindings: run; settings of the layer; q (T, A) f32; kv_cache of the layer; y (T, A) f32, or with SPLITS > 1 (SPLITS, A) not
//   yet divided, and stats (SPLITS, NH) of (largest score m, sum of e^(score - m) l), put together by input-attention.
// Dispatch: (NH, SPLITS, T). A long context is shared by SPLITS workgroups; those without keys return at once.
// Source: Vaswani et al., 2017; running softmax of Milakov and Gimelshein, 2018; split as in Dao et al., Flash-Decoding, 2023.
// Parts: run, attention-settings, kv-read-*, reduce-*.
@group(0) @binding(4) var<storage, read> q: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> stats: array<vec2f>;
@group(0) @binding(7) var<storage, read_write> y: array<vec4f>;

// HS / 4 lanes read one value vector, so many vectors are read at once.
const LANES: u32 = HS / 4;
const ROWS: u32 = WG / LANES;
const TILE: u32 = 256;
var<workgroup> scores: array<f32, TILE>;
var<workgroup> mixed: array<vec4f, WG>;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let head = group.x;
  let begin = run.tokens[group.z].y;
  let end = run.position + group.z + 1 - begin;
  let start = first_key(end);
  let share = (end - start + SPLITS - 1) / SPLITS;
  let first = min(start + group.y * share, end);
  let last = min(first + share, end);
  let query = (group.z * A + head * HS) / 4;
  let column = lane % LANES;
  let line = lane / LANES;

  var m = -3e38;
  var l = 0.0;
  var sum = vec4f();
  for (var base = first; base < last; base += TILE) {
    let count = min(TILE, last - base);
    var most = -3e38;
    for (var j = lane; j < count; j += WG) {
      let key = (cache_row(base + j, begin) * A + head * HS) / 4;
      var score = 0.0;
      for (var i: u32 = 0; i < LANES; i++) { score += dot(q[query + i], kv_read(key + i)); }
      scores[j] = score * settings.scale;
      most = max(most, scores[j]);
    }
    most = max(m, reduce_max(most, lane));
    let shrink = exp(m - most);
    m = most;
    l *= shrink;
    sum *= shrink;
    // Each lane turns its own scores into weights, then all are read by all.
    for (var j = lane; j < count; j += WG) {
      scores[j] = exp(scores[j] - m);
      l += scores[j];
    }
    workgroupBarrier();
    if (line < ROWS) {
      for (var j = line; j < count; j += ROWS) {
        sum += scores[j] * kv_read(((CTX + cache_row(base + j, begin)) * A + head * HS) / 4 + column);
      }
    }
    workgroupBarrier();
  }
  l = reduce_sum(vec4f(l), lane).x;
  mixed[lane] = sum;
  workgroupBarrier();
  if (lane < LANES) {
    for (var r: u32 = 1; r < ROWS; r++) { sum += mixed[r * LANES + lane]; }
    if (SPLITS == 1) { sum /= l; }
    y[((group.z * SPLITS + group.y) * A + head * HS) / 4 + lane] = sum;
    if (SPLITS > 1 && lane == 0) { stats[group.y * NH + head] = vec2f(m, l); }
  }
}
