// Sums and maxima over a workgroup of WG lanes through workgroup memory; every lane gets the result.
var<workgroup> reduced: array<vec4f, WG>;

fn reduce_sum(value: vec4f, lane: u32) -> vec4f {
  workgroupBarrier(); // the previous result has been read by all
  reduced[lane] = value;
  workgroupBarrier();
  for (var n: u32 = WG / 2; n > 0; n /= 2) {
    if (lane < n) { reduced[lane] += reduced[lane + n]; }
    workgroupBarrier();
  }
  return reduced[0];
}

fn reduce_max(value: f32, lane: u32) -> f32 {
  workgroupBarrier();
  reduced[lane].x = value;
  workgroupBarrier();
  for (var n: u32 = WG / 2; n > 0; n /= 2) {
    if (lane < n) { reduced[lane].x = max(reduced[lane].x, reduced[lane + n].x); }
    workgroupBarrier();
  }
  return reduced[0].x;
}
