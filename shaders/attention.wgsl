// y[h] = sum over j of softmax_j(scale q[h] . k[j, h]) v[j, h], over the j that the one token of a decode step may attend to.
//
// Bindings: run; settings of the layer; those of the queries part; kv_cache of the layer; y (A) f32, or with SPLITS > 1 (SPLITS, A)
//   not yet divided, and stats (SPLITS, NH) of (largest score m, sum of e^(score - m) l), put together by input-attention.
// Dispatch: (NH / HEADS, SPLITS). A workgroup makes HEADS query heads of those SHARED that read the same keys and values, so
//   that each of these is read once for all. A long context is shared by SPLITS workgroups; those without keys return at once.
// Source: Vaswani et al., 2017; running softmax of Milakov and Gimelshein, 2018; split as in Dao et al., Flash-Decoding, 2023;
//   shared heads of Ainslie et al., GQA, 2023.
// Parts: run, settings, reduce-*, one of cap-*; queries-plain and kv-read-*, or queries-heads and what that needs.
@group(0) @binding(5) var<storage, read_write> stats: array<vec2f>;
@group(0) @binding(7) var<storage, read_write> y: array<vec4f>;

// HS / 4 lanes read one value vector, so many vectors are read at once.
const LANES: u32 = HS / 4;
const ROWS: u32 = WG / LANES;
const TILE: u32 = 256;
// Scores (HEADS, TILE), and at the end the lanes' sums (4, WG).
var<workgroup> shared_values: array<f32, max(HEADS * TILE, 4 * WG)>;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let head = group.x * HEADS;
  let shared_at = head / SHARED * LANES;
  let end = run.position + 1;
  let start = first_key(end);
  let share = (end - start + SPLITS - 1) / SPLITS;
  let first = min(start + group.y * share, end);
  let last = min(first + share, end);
  let column = lane % LANES;
  let line = lane / LANES;
  prepare_queries(head, lane, first < last && last == end);

  var m: array<f32, HEADS>;
  var l: array<f32, HEADS>;
  var sum: array<vec4f, HEADS>;
  for (var h: u32 = 0; h < HEADS; h++) { m[h] = -3e38; }
  for (var base = first; base < last; base += TILE) {
    let count = min(TILE, last - base);
    var most = m;
    for (var j = lane; j < count; j += WG) {
      let key = cache_row(base + j, 0) * (KV / 4) + shared_at;
      // Written out: a driver was seen to begin the next round with the sums of this one.
      var score = array<f32, HEADS>();
      for (var i: u32 = 0; i < LANES; i++) {
        let k = kv_read(key + i);
        for (var h: u32 = 0; h < HEADS; h++) { score[h] += dot(query(head, h, i), k); }
      }
      for (var h: u32 = 0; h < HEADS; h++) {
        let value = capped(vec4f(score[h] * settings.scale)).x;
        shared_values[h * TILE + j] = value;
        most[h] = max(most[h], value);
      }
    }
    for (var h: u32 = 0; h < HEADS; h++) {
      let largest = reduce_max(most[h], lane);
      let shrink = exp(m[h] - largest);
      m[h] = largest;
      l[h] *= shrink;
      sum[h] *= shrink;
      // Each lane turns its own scores into weights, then all are read by all.
      for (var j = lane; j < count; j += WG) {
        let weight = exp(shared_values[h * TILE + j] - largest);
        shared_values[h * TILE + j] = weight;
        l[h] += weight;
      }
    }
    workgroupBarrier();
    if (line < ROWS) {
      for (var j = line; j < count; j += ROWS) {
        let v = kv_read((settings.capacity + cache_row(base + j, 0)) * (KV / 4) + shared_at + column);
        for (var h: u32 = 0; h < HEADS; h++) { sum[h] += shared_values[h * TILE + j] * v; }
      }
    }
    workgroupBarrier();
  }
  for (var h: u32 = 0; h < HEADS; h++) {
    let total = reduce_sum(vec4f(l[h]), lane).x;
    for (var c: u32 = 0; c < 4; c++) { shared_values[c * WG + lane] = sum[h][c]; }
    workgroupBarrier();
    if (lane < LANES) {
      var value = sum[h];
      for (var r: u32 = 1; r < ROWS; r++) {
        let at = r * LANES + lane;
        value += vec4f(shared_values[at], shared_values[WG + at], shared_values[2 * WG + at], shared_values[3 * WG + at]);
      }
      if (SPLITS == 1) { value /= total; }
      y[(group.y * A + (head + h) * HS) / 4 + lane] = value;
      if (SPLITS > 1 && lane == 0) { stats[group.y * NH + head + h] = vec2f(m[h], total); }
    }
  }
}
