// Greedy choice, second half: the best of what argmax.wgsl found becomes the next step's token, and its embedding the next step's
// input, so that steps that run ahead need no dispatch for that.
//
// Bindings: run, advanced by one token; best (GROUPS) of argmax.wgsl; chosen (steps) u32, what was picked in this submit; weights,
//   scales, positions and y as in embed.wgsl.
// Dispatch: (1), one workgroup of WG lanes.
// Parts: weights-*, one of place-*; run has a writable declaration of its own here.
struct Run { position: u32, count: u32, row: u32, step: u32, tokens: array<vec2u> }
@group(0) @binding(0) var<storage, read_write> run: Run;
@group(0) @binding(5) var<storage, read> best: array<vec2u>;
@group(0) @binding(6) var<storage, read_write> chosen: array<u32>;
@group(0) @binding(7) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(WG)
fn main(@builtin(local_invocation_index) lane: u32) {
  // Every lane looks at all: there are few, and none has to wait for another.
  var value = -3.4e38;
  var id: u32 = V;
  for (var g: u32 = 0; g < GROUPS; g++) {
    let other = bitcast<f32>(best[g].y);
    if (other > value || (other == value && best[g].x < id)) {
      value = other;
      id = best[g].x;
    }
  }
  id = min(id, V - 1); // of logits that are no numbers, any
  let position = run.position + 1;
  workgroupBarrier(); // all have read the position
  if (lane == 0) {
    chosen[run.step] = id;
    run.tokens[0].x = id;
    run.step++;
    run.position = position;
  }
  let row = id - ROW0;
  if (row < ROWS) {
    for (var i = lane; i < K / 8; i += WG) {
      let token = weight_tile(row, i) * (weight_scale(row, i) * FACTOR);
      y[i * 2] = token[0] + place(position, i * 2);
      y[i * 2 + 1] = token[1] + place(position, i * 2 + 1);
    }
  }
}
