// Layer normalisation y = (x - mean) / sqrt(variance + epsilon) * gain + shift over C of K inputs (the rest is padding).
// Two passes: GPT-2's residual stream has outliers that a one-pass variance loses digits on.
// Source: Ba, Kiros and Hinton, Layer Normalization, 2016.

// Mean and inverse deviation of row t of what `row_value` gives at this stage.
fn measured(stage: u32, t: u32, lane: u32) -> vec2f {
  var sum = 0.0;
  for (var i = lane; i < K / 4; i += WG) { sum += dot(row_value(stage, t, i), vec4f(1)); }
  let mean = reduce_sum(vec4f(sum), lane).x / C;
  sum = 0;
  for (var i = lane; i < K / 4; i += WG) {
    let inside = vec4u(i * 4) + vec4u(0, 1, 2, 3) < vec4u(u32(C));
    let d = select(vec4f(), row_value(stage, t, i) - mean, inside);
    sum += dot(d, d);
  }
  return vec2f(mean, inverseSqrt(reduce_sum(vec4f(sum), lane).x / C + EPSILON));
}

// Gain and shift stand in params from group `at` on, each (K) and zero in the padding.
fn scaled(value: vec4f, by: vec2f, at: u32, i: u32) -> vec4f {
  return (value - by.x) * by.y * params[at + i] + params[at + K / 4 + i];
}
