// Rows of a stream that the norm of a sub-layer's result has yet to be added to: stage 0 is that result, stage 1 the sum,
// which is kept for others, and is itself normalised where NORMED is 1. Whoever reads the stream next does so, since the
// norm of a whole row cannot be made while it is being computed.
@group(0) @binding(4) var<storage, read> x: array<vec4f>; // (T, K), the result
@group(0) @binding(6) var<storage, read> residual: array<vec4f>; // (T, K), the stream before it
var<private> by: vec2f;
var<private> sum_by: vec2f;

fn row_value(stage: u32, t: u32, i: u32) -> vec4f {
  let result = x[t * (K / 4) + i];
  if (stage == 0) { return result; }
  return residual[t * (K / 4) + i] + scaled(result, by, K / 2, i);
}

// Finds what row t is normalised by.
fn measure(t: u32, lane: u32) {
  by = measured(0, t, lane);
  if (NORMED == 1) { sum_by = measured(1, t, lane); }
}

// Values 4 i ... 4 i + 3 of row t.
fn normalise(t: u32, i: u32) -> vec4f {
  let sum = row_value(1, t, i);
  if (NORMED == 1) { return scaled(sum, sum_by, 0, i); }
  return sum;
}
fn kept_value(t: u32, i: u32) -> vec4f { return row_value(1, t, i); }
