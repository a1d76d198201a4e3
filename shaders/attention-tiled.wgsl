// y[t, h] = sum over j of softmax_j(scale q[t, h] . k[j, h]) v[j, h], over the j that token t may attend to, for the T tokens of a
// prefill chunk: keys and values are read once for 32 queries.
//
// Bindings: run; settings of the layer; q (T, Q) f32, of which the first A values are queries; kv_cache of the layer; y (T, A) f32.
// Dispatch: (NH, ceil(T / 32)). 64 lanes take one head of 32 tokens through the keys, 32 at a time. As in matmul.wgsl a lane has
//   four tokens, eight apart, by four keys; then by four values of each 32 of the head. Rows of tiles are 9 vec4f apart, not 8, and
//   keys are stored four apart, so that the lanes of a row read different banks.
// Source: Dao et al., FlashAttention, 2022; running softmax of Milakov and Gimelshein, 2018.
// Parts: run, settings, kv-read-*, one of cap-*.
@group(0) @binding(4) var<storage, read> q: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> y: array<vec4f>;
const CHUNKS: u32 = (HS + 31) / 32;
const NOTHING: f32 = -3e38;
var<workgroup> q_tile: array<vec4f, 32 * 9>;
var<workgroup> kv_tile: array<vec4f, 32 * 9>;
// Scores, then weights, 32 tokens by 32 keys.
var<workgroup> weights: array<vec4f, 32 * 9>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let head = group.x;
  let head_at = head / SHARED * (HS / 4);
  let column = lane % 8;
  let line = lane / 8;
  let t0 = group.y * 32;
  let t1 = min(t0 + 32, run.count);
  // Keys are counted as the first token's sequence has them; those of later sequences in this pass are behind them.
  let skip = run.tokens[t0].y;
  // How far the token that sees least sees: the first, unless a sequence begins after it.
  let least = select(t0 - skip, 0, run.tokens[t1 - 1].y > t0) + run.position + 1;
  let stop = run.position + t1 - skip;
  var m = array<f32, 4>(NOTHING, NOTHING, NOTHING, NOTHING);
  var l: array<f32, 4>;
  var sum: array<vec4f, 4 * CHUNKS>;
  for (var base = first_key(least); base < stop; base += 32) {
    // Written out, as in attention.wgsl.
    var score = array<vec4f, 4>();
    for (var chunk: u32 = 0; chunk < CHUNKS; chunk++) {
      for (var i = lane; i < 256; i += 64) {
        let row = i / 8;
        let at = chunk * 8 + i % 8;
        var queries = vec4f();
        var keys = vec4f();
        if (at < HS / 4) {
          queries = q[((t0 + row) * Q + head * HS) / 4 + at];
          if (base + row < stop) { keys = kv_read(cache_row(base + row, skip) * (KV / 4) + head_at + at); }
        }
        q_tile[row * 9 + i % 8] = queries;
        kv_tile[((row % 4) * 8 + row / 4) * 9 + i % 8] = keys;
      }
      workgroupBarrier();
      for (var j: u32 = 0; j < 8; j++) {
        let k = mat4x4f(kv_tile[column * 9 + j], kv_tile[(8 + column) * 9 + j], kv_tile[(16 + column) * 9 + j], kv_tile[(24 + column) * 9 + j]);
        for (var r: u32 = 0; r < 4; r++) { score[r] += q_tile[(line + r * 8) * 9 + j] * k; }
      }
      workgroupBarrier();
    }
    let key = vec4u(base + column * 4) + vec4u(0, 1, 2, 3);
    let in_pass = key >= vec4u(run.position);
    let token = key + skip - run.position;
    for (var r: u32 = 0; r < 4; r++) {
      let t = t0 + line + r * 8;
      let begin = run.tokens[t].y;
      let place = key - select(vec4u(), vec4u(begin - skip), in_pass);
      let own = (token >= vec4u(begin)) & (token <= vec4u(t));
      let seen = select(vec4<bool>(true), own, in_pass) & (place >= vec4u(first_key(run.position + t + 1 - begin)));
      score[r] = select(vec4f(NOTHING), capped(score[r] * settings.scale), seen);
      weights[(line + r * 8) * 9 + column] = score[r];
    }
    workgroupBarrier();
    for (var r: u32 = 0; r < 4; r++) {
      var most = vec4f(m[r]);
      for (var i: u32 = 0; i < 8; i++) { most = max(most, weights[(line + r * 8) * 9 + i]); }
      let largest = max(max(most.x, most.y), max(most.z, most.w));
      let shrink = exp(m[r] - largest);
      m[r] = largest;
      l[r] *= shrink;
      for (var chunk: u32 = 0; chunk < CHUNKS; chunk++) { sum[r * CHUNKS + chunk] *= shrink; }
      score[r] = select(exp(score[r] - largest), vec4f(), score[r] == vec4f(NOTHING));
    }
    workgroupBarrier();
    for (var r: u32 = 0; r < 4; r++) { weights[(line + r * 8) * 9 + column] = score[r]; }
    for (var chunk: u32 = 0; chunk < CHUNKS; chunk++) {
      for (var i = lane; i < 256; i += 64) {
        let row = i / 8;
        let at = chunk * 8 + i % 8;
        var values = vec4f();
        if (at < HS / 4 && base + row < stop) {
          values = kv_read((settings.capacity + cache_row(base + row, skip)) * (KV / 4) + head_at + at);
        }
        kv_tile[row * 9 + i % 8] = values;
      }
      workgroupBarrier();
      for (var j: u32 = 0; j < 8; j++) {
        let v = mat4x4f(kv_tile[j * 36 + column], kv_tile[j * 36 + 9 + column], kv_tile[j * 36 + 18 + column], kv_tile[j * 36 + 27 + column]);
        for (var r: u32 = 0; r < 4; r++) {
          let weight = weights[(line + r * 8) * 9 + j];
          sum[r * CHUNKS + chunk] += v * weight;
          if (chunk == 0) { l[r] += dot(weight, vec4f(1)); }
        }
      }
      workgroupBarrier();
    }
  }
  for (var r: u32 = 0; r < 4; r++) {
    let t = t0 + line + r * 8;
    for (var chunk: u32 = 0; chunk < CHUNKS; chunk++) {
      let at = chunk * 8 + column;
      if (t < t1 && at < HS / 4) { y[(t * A + head * HS) / 4 + at] = sum[r * CHUNKS + chunk] / l[r]; }
    }
  }
}
