// total += sum of a value a row; or, with `root`, total = the root of it.
//
// Bindings: values; total.
// Dispatch: (1). Every lane adds each WG-th value, then the lanes add up.
// Parts: run, rows, reduce-workgroup.
struct Task { first: u32, most: u32, counted: u32, root: u32, values_at: u32, total_at: u32 }
@group(0) @binding(2) var<storage, read> values: array<f32>;
@group(0) @binding(3) var<storage, read_write> total: array<f32>;

@compute @workgroup_size(WG)
fn main(@builtin(local_invocation_index) lane: u32) {
  let count = row_count();
  var sum = 0.0;
  for (var r = lane; r < count; r += WG) { sum += values[task.values_at + r]; }
  sum = reduce_sum(vec4f(sum), lane).x;
  if (lane > 0) { return; }
  if (task.root == 1) { total[task.total_at] = sqrt(sum); } else { total[task.total_at] += sum; }
}
