// x[t, c] = FACTOR tokenEmbedding[token t, c] + positionEmbedding[position + t - start t, c], where positions have one
//
// Bindings: run; weights and scales: rows ROW0 ... ROW0 + ROWS - 1 of the token embedding (V, K); y (T, K) f32.
// Dispatch: (ceil(K / 8 / WG), T). A table too large for one binding comes in parts, one dispatch each; a token's
//   row is in exactly one of them.
// Parts: run, weights-*, one of place-*.
@group(0) @binding(7) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(WG)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  let t = id.y;
  // Unsigned: a row before ROW0 wraps round and is also out of range.
  let row = run.tokens[t].x - ROW0;
  if (i >= K / 8 || row >= ROWS) { return; }
  let token = weight_tile(row, i) * (weight_scale(row, i) * FACTOR);
  let at = t * (K / 4) + i * 2;
  let position = run.position + t - run.tokens[t].y;
  y[at] = token[0] + place(position, i * 2);
  y[at + 1] = token[1] + place(position, i * 2 + 1);
}
