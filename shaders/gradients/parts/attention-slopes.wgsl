// What both gradients of attention read, and how a score's gradient comes of its probability.
@group(0) @binding(4) var<storage, read> logSumExp: array<f32>;
@group(0) @binding(5) var<storage, read> dOut: array<f32>;
@group(0) @binding(6) var<storage, read_write> dQkv: array<f32>;

// As `vector`, of the gradient of a row's result.
fn d_vector(row: u32, head: u32, i: u32) -> vec4f {
  let at = task.dOut_at + row * task.dOut_stride + head * HS + 4 * i;
  return select(vec4f(), vec4f(dOut[at], dOut[at + 1], dOut[at + 2], dOut[at + 3]), inside(i));
}

// e^(score - log of the sum).
fn probability(score: f32, n: u32, head: u32) -> f32 {
  return exp(score - logSumExp[task.logSumExp_at + n * task.logSumExp_stride + head]);
}

// Gradient at q . k, from the one at the probability less the row's mean of it.
fn d_product(score: f32, p: f32, d: f32) -> f32 {
  var slope = task.scale;
  if (task.softCap != 0.0) { slope *= 1 - score / task.softCap * (score / task.softCap); }
  return p * d * slope;
}
