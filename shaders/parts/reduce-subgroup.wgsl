// Sums and maxima over a workgroup of WG lanes: within subgroups first, then over their results in workgroup memory.
// Lane 0 of a subgroup of size s stands at a multiple of s, on every implementation known. The size is counted, since the
// builtin would have to come in as an argument of every kernel.
enable subgroups;
var<workgroup> reduced: array<vec4f, WG>;

fn reduce_sum(value: vec4f, lane: u32) -> vec4f {
  let size = subgroupAdd(1u);
  let sum = subgroupAdd(value);
  workgroupBarrier(); // the previous result has been read by all
  if (lane % size == 0) { reduced[lane / size] = sum; }
  workgroupBarrier();
  var total = reduced[0];
  for (var i: u32 = 1; i < WG / size; i++) { total += reduced[i]; }
  return total;
}

fn reduce_max(value: f32, lane: u32) -> f32 {
  let size = subgroupAdd(1u);
  let most = subgroupMax(value);
  workgroupBarrier();
  if (lane % size == 0) { reduced[lane / size].x = most; }
  workgroupBarrier();
  var total = reduced[0].x;
  for (var i: u32 = 1; i < WG / size; i++) { total = max(total, reduced[i].x); }
  return total;
}
