// y[n] = sum over k of W[n, k] input[k], for one token; what input and store do is in the parts of those names.
//
// Bindings: run; weights, scales: rows ROW0 ... of W (N, K); those of the input and store parts.
// Dispatch: (rows / 4). A workgroup owns four rows and reads each value of the input once for all of them; its lanes
//   stride over tiles of eight inputs, so that neighbours read neighbouring memory.
// Parts: run, params, one of bias-*, weights-*, reduce-*, one of input-*, one of store-*.
@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = group.x * 4;
  prepare(group.x, lane);
  var sum = vec4f();
  for (var i = lane; i < K / 8; i += WG) {
    let v = input(i);
    for (var r: u32 = 0; r < 4; r++) {
      let w = weight_tile(row + r, i);
      sum[r] += (dot(w[0], v[0]) + dot(w[1], v[1])) * weight_scale(row + r, i);
    }
  }
  sum = reduce_sum(sum, lane);
  if (lane == 0) { store(0, ROW0 + row, sum); }
}
