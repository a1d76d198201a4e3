// AdamW as PyTorch has it, on values of four buffers at the same place: g' = g · min(1, maxNorm / (norm + 1e-6)); p -= lr · decay · p;
// m = β1 m + rest1 g'; v = β2 v + rest2 g'²; p -= lr · (m / correction1) / (√(v / correction2) + ε). Nothing at all where the norm is not
// finite. rest is 1 - β, made in double precision.
//
// Bindings: parameters; gradients; firstMoments; secondMoments; norm.
// Dispatch: some workgroups, which take 64 values in turn.
// Source: Loshchilov and Hutter, Decoupled weight decay regularization, 2019.
// Parts: run.
struct Task {
  length: u32, parameters_at: u32, gradients_at: u32, firstMoments_at: u32, secondMoments_at: u32, norm_at: u32,
  decay: f32, beta1: f32, rest1: f32, beta2: f32, rest2: f32, epsilon: f32, maxNorm: f32,
}
@group(0) @binding(2) var<storage, read_write> parameters: array<f32>;
@group(0) @binding(3) var<storage, read> gradients: array<f32>;
@group(0) @binding(4) var<storage, read_write> firstMoments: array<f32>;
@group(0) @binding(5) var<storage, read_write> secondMoments: array<f32>;
@group(0) @binding(6) var<storage, read> norm: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let length = norm[task.norm_at];
  // By its bits: a compiler may take for granted that no number is infinite.
  if ((bitcast<u32>(length) & 0x7f800000) == 0x7f800000) { return; }
  var clip = 1.0;
  if (task.maxNorm > 0.0) { clip = min(1.0, task.maxNorm / (length + 1e-6)); }
  for (var i = id.x; i < task.length; i += groups.x * 64) {
    let g = gradients[task.gradients_at + i] * clip;
    let p = parameters[task.parameters_at + i];
    let m = task.beta1 * firstMoments[task.firstMoments_at + i] + task.rest1 * g;
    let v = task.beta2 * secondMoments[task.secondMoments_at + i] + task.rest2 * g * g;
    firstMoments[task.firstMoments_at + i] = m;
    secondMoments[task.secondMoments_at + i] = v;
    let change = m / run.correction1 / (sqrt(v / run.correction2) + task.epsilon);
    parameters[task.parameters_at + i] = p - run.learningRate * task.decay * p - run.learningRate * change;
  }
}
