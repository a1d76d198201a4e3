// Turns value i of each head with value i + size / 2, i < size / 2, by the row's position; with `back` the other way.
//
// Bindings: table (positions, size): cos, sin of pair 0, then of pair 1 ...; positions; x, in place.
// Dispatch: (heads · size / 2 / 64, rows).
// Source: Su et al., RoFormer, 2021.
// Parts: run, rows.
struct Task {
  first: u32, most: u32, counted: u32,
  heads: u32, headSize: u32, size: u32, back: u32,
  table_at: u32, table_stride: u32, positions_at: u32, x_at: u32, x_stride: u32,
}
@group(0) @binding(2) var<storage, read> table: array<f32>;
@group(0) @binding(3) var<storage, read> positions: array<i32>;
@group(0) @binding(4) var<storage, read_write> x: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let half = task.size / 2;
  let row = id.y;
  if (row >= row_count() || id.x >= task.heads * half) { return; }
  let pair = id.x % half;
  let angle = task.table_at + u32(positions[task.positions_at + row]) * task.table_stride + 2 * pair;
  let cos = table[angle];
  let sin = select(table[angle + 1], -table[angle + 1], task.back == 1);
  let at = task.x_at + row * task.x_stride + id.x / half * task.headSize + pair;
  let a = x[at];
  let b = x[at + half];
  x[at] = a * cos - b * sin;
  x[at + half] = b * cos + a * sin;
}
