// Output of the layer up: bias, then the activation.
@group(0) @binding(7) var<storage, read_write> y: array<vec4f>; // (T, N)

fn store(t: u32, n: u32, sum: vec4f) { y[(t * N + n) / 4] = activate(sum + bias(t, n)); }
