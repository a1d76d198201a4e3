// Output of the layers that end a half of a block: bias and residual are added.
@group(0) @binding(6) var<storage, read> residual: array<vec4f>; // (T, N)
@group(0) @binding(7) var<storage, read_write> y: array<vec4f>; // (T, N)

fn store(t: u32, n: u32, sum: vec4f) {
  let at = (t * N + n) / 4;
  y[at] = residual[at] + sum + bias(t, n);
}
