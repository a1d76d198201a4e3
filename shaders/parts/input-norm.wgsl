// Input of matvec.wgsl: a normalised row. Every workgroup measures the row again, which is cheaper than a dispatch
// of its own; the first one writes the result down for what else needs it (the residual of a post-norm block, embeddings).
fn prepare(group: u32, lane: u32) {
  measure(run.row, lane);
  if (group == 0) {
    for (var i = lane; i < K / 4; i += WG) { normed[i] = normalise(run.row, i); }
  }
}
fn input(i: u32) -> mat2x4f { return mat2x4f(normalise(run.row, i * 2), normalise(run.row, i * 2 + 1)); }
