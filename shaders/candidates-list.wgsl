// Candidates for sampling, second of three kernels: lists every logit that may be among the COUNT largest, in any order.
//
// Bindings: logits (V) f32; peaks (PEAKS) of candidates-peaks.wgsl; listed u32: how many there are (those beyond LISTED are
//   counted, not listed), nothing, then pairs of token id and logit bits.
// Dispatch: (GROUPS), each of 256 lanes. Each finds the bound itself, which is cheaper than a dispatch for it.
// Method: COUNT logits at least are as large as the COUNT largest peaks, so none of the COUNT largest logits is below the least
//   of those peaks; and few others are above it, where groups are many. It is found by radix select, eight bits at a
//   time, over keys that sort like the floats.
// Parts: none.
@group(0) @binding(4) var<storage, read> logits: array<vec4f>;
@group(0) @binding(5) var<storage, read> peaks: array<f32>;
@group(0) @binding(7) var<storage, read_write> listed: array<atomic<u32>>;
var<workgroup> histogram: array<atomic<u32>, 256>;
// How many peaks are in so many of the largest bins.
var<workgroup> above: array<u32, 256>;
var<workgroup> bin: u32;
var<workgroup> left: u32;

fn sort_key(value: f32) -> u32 {
  let bits = bitcast<u32>(value);
  return select(bits | 0x80000000, ~bits, (bits >> 31) == 1);
}

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  var keys: array<u32, PEAKS / 256>;
  for (var i: u32 = 0; i < PEAKS / 256; i++) { keys[i] = sort_key(peaks[i * 256 + lane]); }
  var bound: u32 = 0;
  var missing: u32 = COUNT;
  for (var digit: u32 = 0; digit < 4; digit++) {
    let shift = 24 - digit * 8;
    atomicStore(&histogram[lane], 0);
    workgroupBarrier();
    for (var i: u32 = 0; i < PEAKS / 256; i++) {
      // Two shifts, since one by 32 is an error.
      if (((keys[i] ^ bound) >> shift) >> 8 == 0) { atomicAdd(&histogram[(keys[i] >> shift) & 255], 1); }
    }
    workgroupBarrier();
    above[lane] = atomicLoad(&histogram[255 - lane]);
    workgroupBarrier();
    for (var n: u32 = 1; n < 256; n *= 2) {
      var sum = above[lane];
      if (lane >= n) { sum += above[lane - n]; }
      workgroupBarrier();
      above[lane] = sum;
      workgroupBarrier();
    }
    var before: u32 = 0;
    if (lane > 0) { before = above[lane - 1]; }
    if (before < missing && above[lane] >= missing) {
      bin = 255 - lane;
      left = missing - before;
    }
    workgroupBarrier();
    bound |= bin << shift;
    missing = left;
  }
  for (var i = group.x * 256 + lane; i < (V + 3) / 4; i += GROUPS * 256) {
    let values = logits[i];
    for (var c: u32 = 0; c < 4; c++) {
      let id = i * 4 + c;
      if (id < V && sort_key(values[c]) >= bound) {
        let at = atomicAdd(&listed[0], 1);
        if (at < LISTED) {
          atomicStore(&listed[2 + at * 2], id);
          atomicStore(&listed[3 + at * 2], bitcast<u32>(values[c]));
        }
      }
    }
  }
}
