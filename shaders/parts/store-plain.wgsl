// Output of layers whose result something else goes on with: the bias is added.
@group(0) @binding(7) var<storage, read_write> y: array<vec4f>; // (T, N)

fn store(t: u32, n: u32, sum: vec4f) { y[(t * N + n) / 4] = sum + bias(t, n); }
