// Input of matvec.wgsl: a row as it is.
@group(0) @binding(4) var<storage, read> x: array<vec4f>; // (T, K)

fn prepare(group: u32, lane: u32) {}
fn input(i: u32) -> mat2x4f {
  let at = run.row * (K / 4) + i * 2;
  return mat2x4f(x[at], x[at + 1]);
}
