// out[ids[e]] += scale · dOut[e / each], for all e in their order: gradients of embeddings, and of rows that a head read. -1 goes nowhere.
//
// Bindings: ids; dOut (rows, width); out.
// Dispatch: (width / 64, rows · each). The first workgroup of an id does all of that id, so that no two write the same place.
// Parts: run, rows.
struct Task {
  first: u32, most: u32, counted: u32,
  width: u32, each: u32, scale: f32,
  ids_at: u32, dOut_at: u32, dOut_stride: u32, out_at: u32, out_stride: u32,
}
@group(0) @binding(2) var<storage, read> ids: array<i32>;
@group(0) @binding(3) var<storage, read> dOut: array<f32>;
@group(0) @binding(4) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let first = id.y;
  let i = id.x;
  let count = row_count() * task.each;
  if (first >= count || i >= task.width) { return; }
  let target_row = ids[task.ids_at + first];
  if (target_row < 0) { return; }
  for (var e: u32 = 0; e < first; e++) {
    if (ids[task.ids_at + e] == target_row) { return; }
  }
  let at = task.out_at + u32(target_row) * task.out_stride + i;
  var sum = out[at];
  for (var e = first; e < count; e++) {
    if (ids[task.ids_at + e] == target_row) { sum += task.scale * dOut[task.dOut_at + e / task.each * task.dOut_stride + i]; }
  }
  out[at] = sum;
}
