// Output of a gated layer up, whose rows are gate and up by turns: activation(gate) times up (Shazeer, GLU Variants, 2020).
@group(0) @binding(7) var<storage, read_write> y: array<vec2f>; // (T, N / 2)

fn store(t: u32, n: u32, sum: vec4f) {
  let value = sum + bias(t, n);
  y[(t * N + n) / 4] = activate(value.xzxz).xy * value.yw;
}
