// out[r] (+)= scale · sum over j of W[ids[each r + j]] + places[positions[r]]: the embedding of tokens, and rows that a head reads.
//
// Only rows of W from weights_row on, `weights_rows` of them, are in this part of it; of others, and of id -1, nothing is added.
// Bindings: weights, scales: W; ids; positions; places; out.
// Dispatch: (width / 64, rows).
// Parts: run, rows, weights-*, scales where quantised.
struct Task {
  first: u32, most: u32, counted: u32,
  width: u32, each: u32, scale: f32,
  weights_at: u32, weights_stride: u32, weights_row: u32, weights_rows: u32,
  ids_at: u32,
  has_places: u32, positions_at: u32, places_at: u32, places_stride: u32,
  accumulate: u32, out_at: u32, out_stride: u32,
}
@group(0) @binding(4) var<storage, read> ids: array<i32>;
@group(0) @binding(5) var<storage, read> positions: array<i32>;
@group(0) @binding(6) var<storage, read> places: array<f32>;
@group(0) @binding(7) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.y;
  let i = id.x;
  if (row >= row_count() || i >= task.width) { return; }
  var sum = 0.0;
  for (var j: u32 = 0; j < task.each; j++) {
    // What is below the part's first row, -1 too, is large as a u32.
    let row_of = bitcast<u32>(ids[task.ids_at + row * task.each + j]) - task.weights_row;
    if (row_of < task.weights_rows) { sum += weight(row_of, i); }
  }
  sum *= task.scale;
  if (task.has_places == 1) {
    sum += places[task.places_at + bitcast<u32>(positions[task.positions_at + row]) * task.places_stride + i];
  }
  let at = task.out_at + row * task.out_stride + i;
  if (task.accumulate == 1) { sum += out[at]; }
  out[at] = sum;
}
