// Loss of a row of logits, which become their gradient in place: l = capped(logits · scale), loss = weight · -(sum of t log softmax(l)), t being
// 1 - smoothing at the target and smoothing / width everywhere besides. Target -1: loss and gradient are 0.
//
// Bindings: logits (rows, width); targets; target_weights; losses.
// Dispatch: (rows), one workgroup a row.
// Parts: run, rows, reduce-workgroup.
struct Task {
  first: u32, most: u32, counted: u32,
  width: u32, scale: f32, softCap: f32, smoothing: f32,
  logits_at: u32, logits_stride: u32, targets_at: u32, targetWeights_at: u32, losses_at: u32,
}
@group(0) @binding(2) var<storage, read_write> logits: array<f32>;
@group(0) @binding(3) var<storage, read> targets: array<i32>;
@group(0) @binding(4) var<storage, read> targetWeights: array<f32>;
@group(0) @binding(5) var<storage, read_write> losses: array<f32>;

fn capped(logit: f32) -> f32 {
  if (task.softCap == 0.0) { return logit * task.scale; }
  return task.softCap * tanh(clamp(logit * task.scale / task.softCap, -10.0, 10.0));
}

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = group.x;
  if (row >= row_count()) { return; }
  let start = task.logits_at + row * task.logits_stride;
  let wanted = targets[task.targets_at + row];
  if (wanted < 0) {
    for (var v = lane; v < task.width; v += WG) { logits[start + v] = 0.0; }
    if (lane == 0) { losses[task.losses_at + row] = 0.0; }
    return;
  }
  var most = -3e38;
  for (var v = lane; v < task.width; v += WG) { most = max(most, capped(logits[start + v])); }
  most = reduce_max(most, lane);
  // Of e^(l - most), and of l - most.
  var sums = vec4f();
  for (var v = lane; v < task.width; v += WG) {
    let above = capped(logits[start + v]) - most;
    sums += vec4f(exp(above), above, 0.0, 0.0);
  }
  let at_target = capped(logits[start + u32(wanted)]) - most;
  sums = reduce_sum(sums, lane);
  let log_sum = log(sums.x);
  let weight = targetWeights[task.targetWeights_at + row];
  let others = task.smoothing / f32(task.width);
  if (lane == 0) {
    losses[task.losses_at + row] = weight * (log_sum - others * sums.y - (1 - task.smoothing) * at_target);
  }
  for (var v = lane; v < task.width; v += WG) {
    let l = capped(logits[start + v]);
    var slope = task.scale;
    if (task.softCap != 0.0) { slope *= 1 - l / task.softCap * (l / task.softCap); }
    let t = others + select(0.0, 1 - task.smoothing, v == u32(wanted));
    logits[start + v] = weight * (exp(l - most) / sums.x - t) * slope;
  }
}
