// Greedy choice: the token with the largest logit (the lowest id among equals) becomes the next step's token.
//
// Bindings: run, advanced by one token; logits (V) f32; chosen (steps) u32, what was picked in this submit.
// Dispatch: (1), one workgroup of WG lanes. Sixteen logits are in flight a lane: it waits for memory and nothing else.
// Parts: none; run has a writable declaration of its own here.
struct Run { position: u32, count: u32, row: u32, step: u32, tokens: array<vec2u> }
@group(0) @binding(0) var<storage, read_write> run: Run;
@group(0) @binding(4) var<storage, read> logits: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> chosen: array<u32>;
var<workgroup> values: array<f32, WG>;
var<workgroup> ids: array<u32, WG>;

@compute @workgroup_size(WG)
fn main(@builtin(local_invocation_index) lane: u32) {
  var value = -3.4e38;
  var id = lane;
  for (var i = lane; i < (V + 3) / 4; i += WG * 4) {
    var four = array(logits[i], logits[i + WG], logits[i + WG * 2], logits[i + WG * 3]);
    for (var u: u32 = 0; u < 4; u++) {
      for (var c: u32 = 0; c < 4; c++) {
        let at = (i + WG * u) * 4 + c;
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
  if (lane == 0) {
    chosen[run.step] = ids[0];
    run.tokens[0].x = ids[0];
    run.step++;
    run.position++;
  }
}
