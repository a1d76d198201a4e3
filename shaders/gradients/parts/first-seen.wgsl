// The first row whose key row n sees.
@group(0) @binding(3) var<storage, read> starts: array<i32>;

fn first_seen(n: u32) -> u32 {
  let start = u32(starts[n]);
  if (task.window == 0) { return start; }
  return max(start, max(n + 1, task.window) - task.window);
}
