// Norm by the root mean square, y = x / sqrt(mean of x^2 + epsilon) * gain, over C of K inputs (the rest is zero).
// Source: Zhang and Sennrich, Root Mean Square Layer Normalization, 2019.

// Zero for the mean, and the inverse root mean square of row t of what `row_value` gives at this stage.
fn measured(stage: u32, t: u32, lane: u32) -> vec2f {
  var sum = 0.0;
  for (var i = lane; i < K / 4; i += WG) {
    let value = row_value(stage, t, i);
    sum += dot(value, value);
  }
  return vec2f(0, inverseSqrt(reduce_sum(vec4f(sum), lane).x / C + EPSILON));
}

// Gain stands in params from group `at` on, (K) and zero in the padding; the place of a shift behind it is not used.
fn scaled(value: vec4f, by: vec2f, at: u32, i: u32) -> vec4f { return value * by.y * params[at + i]; }
