// Layer normalisation y = (x - mean) / sqrt(variance + epsilon) * gain + shift over C of K inputs (the rest is padding).
// Two passes: GPT-2's residual stream has outliers that a one-pass variance loses digits on.
@group(0) @binding(4) var<storage, read> x: array<vec4f>; // (T, K)
@group(0) @binding(5) var<storage, read_write> normed: array<vec4f>; // (T, K)
var<private> mean: f32;
var<private> inverse_deviation: f32;

// Finds mean and deviation of row t.
fn measure(t: u32, lane: u32) {
  var sum = 0.0;
  for (var i = lane; i < K / 4; i += WG) { sum += dot(x[t * (K / 4) + i], vec4f(1)); }
  mean = reduce_sum(vec4f(sum), lane).x / C;
  sum = 0;
  for (var i = lane; i < K / 4; i += WG) {
    let inside = vec4u(i * 4) + vec4u(0, 1, 2, 3) < vec4u(u32(C));
    let d = select(vec4f(), x[t * (K / 4) + i] - mean, inside);
    sum += dot(d, d);
  }
  inverse_deviation = inverseSqrt(reduce_sum(vec4f(sum), lane).x / C + EPSILON);
}

// Values 4 i ... 4 i + 3 of row t; gain and shift are zero in the padding.
fn normalise(t: u32, i: u32) -> vec4f {
  return (x[t * (K / 4) + i] - mean) * inverse_deviation * params[i] + params[K / 4 + i];
}
