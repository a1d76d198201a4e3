// Loss of a fine-tuned head's row of logits, by its kind (step.ts), and its gradient: 0 one label, 1 labels, 2 a value, 3 an answer.
//
// Bindings: logits (rows, width); targets (rows, width); weights (rows); groups (rows, 2): an answer's first neighbour and how many; dLogits; losses.
// Dispatch: (rows / 64), a lane a row: there are few, of few logits.
// Parts: run, rows.
struct Task {
  first: u32, most: u32, counted: u32,
  width: u32, kind: u32, logits_at: u32, logits_stride: u32, dLogits_at: u32, dLogits_stride: u32, losses_at: u32,
}
@group(0) @binding(2) var<storage, read> logits: array<f32>;
@group(0) @binding(3) var<storage, read> targets: array<f32>;
@group(0) @binding(4) var<storage, read> weights: array<f32>;
@group(0) @binding(5) var<storage, read> groups: array<i32>;
@group(0) @binding(6) var<storage, read_write> dLogits: array<f32>;
@group(0) @binding(7) var<storage, read_write> losses: array<f32>;

// Log of the sum of e^x of `count` logits, `stride` apart.
fn log_sum(start: u32, count: u32, stride: u32) -> f32 {
  var most = -3e38;
  for (var k: u32 = 0; k < count; k++) { most = max(most, logits[start + k * stride]); }
  var sum = 0.0;
  for (var k: u32 = 0; k < count; k++) { sum += exp(logits[start + k * stride] - most); }
  return most + log(sum);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.x;
  if (row >= row_count()) { return; }
  let start = task.logits_at + row * task.logits_stride;
  let to = task.dLogits_at + row * task.dLogits_stride;
  let weight = weights[row];
  var loss = 0.0;
  if (task.kind == 3) {
    let first = u32(groups[2 * row]);
    let count = u32(groups[2 * row + 1]);
    let sum = log_sum(task.logits_at + first * task.logits_stride, count, task.logits_stride);
    var all = 0.0;
    for (var k: u32 = 0; k < count; k++) { all += targets[first + k] * weights[first + k]; }
    let wanted = targets[row] * weight;
    dLogits[to] = all * exp(logits[start] - sum) - wanted;
    losses[task.losses_at + row] = wanted * (sum - logits[start]);
    return;
  }
  var sum = 0.0;
  var all = 0.0;
  if (task.kind == 0) {
    sum = log_sum(start, task.width, 1);
    for (var k: u32 = 0; k < task.width; k++) { all += targets[row * task.width + k]; }
  }
  for (var k: u32 = 0; k < task.width; k++) {
    let z = logits[start + k];
    let t = targets[row * task.width + k];
    var d = 0.0;
    switch task.kind {
      case 0: {
        loss += t * (sum - z);
        d = all * exp(z - sum) - t;
      }
      case 1: { // in the form that cannot overflow
        loss += (max(z, 0.0) - z * t + log(1 + exp(-abs(z)))) / f32(task.width);
        d = (1 / (1 + exp(min(-z, 80.0))) - t) / f32(task.width);
      }
      default: {
        loss += 0.5 * (z - t) * (z - t) / f32(task.width);
        d = (z - t) / f32(task.width);
      }
    }
    dLogits[to + k] = weight * d;
  }
  losses[task.losses_at + row] = weight * loss;
}
