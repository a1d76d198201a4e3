// Output of the head: bias, factor and cap.
@group(0) @binding(7) var<storage, read_write> y: array<vec4f>; // (T, N)

fn store(t: u32, n: u32, sum: vec4f) { y[(t * N + n) / 4] = capped((sum + bias(t, n)) * FACTOR); }
