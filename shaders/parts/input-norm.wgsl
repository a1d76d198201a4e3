// Input of matvec.wgsl: a normalised row. Every workgroup measures the row again, which is cheaper than a dispatch
// of its own; the first one writes down what else needs it (the residual of a post-norm block, a joined stream, embeddings).
@group(0) @binding(5) var<storage, read_write> kept: array<vec4f>; // (K)

fn prepare(group: u32, lane: u32) {
  measure(run.row, lane);
  if (group == 0) {
    for (var i = lane; i < K / 4; i += WG) { kept[i] = kept_value(run.row, i); }
  }
}
fn input(i: u32) -> mat2x4f { return mat2x4f(normalise(run.row, i * 2), normalise(run.row, i * 2 + 1)); }
