// Greedy choice, first half: the largest logit of each workgroup's share (the lowest id among equals), for choose.wgsl.
//
// Bindings: logits (V) f32; best (GROUPS) of a token's id and the bits of its logit.
// Dispatch: (GROUPS). Four vectors are in flight a lane: it waits for memory and nothing else.
// Parts: none.
@group(0) @binding(4) var<storage, read> logits: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> best: array<vec2u>;
const LANES: u32 = GROUPS * WG;
var<workgroup> values: array<f32, WG>;
var<workgroup> ids: array<u32, WG>;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  var value = -3.4e38;
  var id: u32 = V;
  for (var i = group.x * WG + lane; i < (V + 3) / 4; i += LANES * 4) {
    var four = array(logits[i], logits[i + LANES], logits[i + LANES * 2], logits[i + LANES * 3]);
    for (var u: u32 = 0; u < 4; u++) {
      for (var c: u32 = 0; c < 4; c++) {
        let at = (i + LANES * u) * 4 + c;
        if (at < V && four[u][c] > value) {
          value = four[u][c];
          id = at;
        }
      }
    }
  }
  values[lane] = value;
  ids[lane] = id;
  workgroupBarrier();
  for (var n: u32 = WG / 2; n > 0; n /= 2) {
    if (lane < n) {
      let other = values[lane + n];
      if (other > values[lane] || (other == values[lane] && ids[lane + n] < ids[lane])) {
        values[lane] = other;
        ids[lane] = ids[lane + n];
      }
    }
    workgroupBarrier();
  }
  if (lane == 0) { best[group.x] = vec2u(ids[0], bitcast<u32>(values[0])); }
}
