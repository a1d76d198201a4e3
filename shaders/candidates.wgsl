// The COUNT largest logits with their token ids, unordered, and what a softmax over all V needs, so that sampling reads
// back kilobytes and not the whole row.
//
// Bindings: logits (V) f32; found u32: number of candidates n (COUNT, or V where that is less), bits of the largest logit
//   and of the sum of e^(logit - largest), then n pairs of token id and logit bits.
// Dispatch: (1), one workgroup of 256 lanes.
// Method: radix select, eight bits a pass, over keys that sort like the floats. Of logits that tie for the last places the
//   lowest ids are taken, so that the result does not depend on the order of the lanes.
// Parts: reduce-*.
@group(0) @binding(4) var<storage, read> logits: array<f32>;
@group(0) @binding(7) var<storage, read_write> found: array<u32>;
var<workgroup> histogram: array<atomic<u32>, 256>;
var<workgroup> prefix: u32;
var<workgroup> missing: u32;
var<workgroup> ties: u32;
var<workgroup> next: atomic<u32>;

fn sort_key(value: f32) -> u32 {
  let bits = bitcast<u32>(value);
  return select(bits | 0x80000000, ~bits, (bits >> 31) == 1);
}

fn add(id: u32) {
  let at = 3 + atomicAdd(&next, 1) * 2;
  found[at] = id;
  found[at + 1] = bitcast<u32>(logits[id]);
}

@compute @workgroup_size(WG)
fn main(@builtin(local_invocation_index) lane: u32) {
  var most = -3e38;
  for (var i = lane; i < V; i += WG) { most = max(most, logits[i]); }
  most = reduce_max(most, lane);
  var sum = 0.0;
  for (var i = lane; i < V; i += WG) { sum += exp(logits[i] - most); }
  sum = reduce_sum(vec4f(sum), lane).x;

  if (lane == 0) {
    prefix = 0;
    missing = min(COUNT, V);
  }
  for (var pass_number: u32 = 0; pass_number < 4; pass_number++) {
    let shift = 24 - pass_number * 8;
    atomicStore(&histogram[lane], 0);
    workgroupBarrier();
    for (var i = lane; i < V; i += WG) {
      let key = sort_key(logits[i]);
      // Two shifts, since one by 32 is an error.
      if (((key ^ prefix) >> shift) >> 8 == 0) { atomicAdd(&histogram[(key >> shift) & 255], 1); }
    }
    workgroupBarrier();
    if (lane == 0) {
      var bin: u32 = 255;
      var here = atomicLoad(&histogram[bin]);
      while (here < missing && bin > 0) {
        missing -= here;
        bin--;
        here = atomicLoad(&histogram[bin]);
      }
      prefix |= bin << shift;
      ties = here;
    }
    workgroupBarrier();
  }
  let all_ties = ties == missing;
  for (var i = lane; i < V; i += WG) {
    let key = sort_key(logits[i]);
    if (key > prefix || (all_ties && key == prefix)) { add(i); }
  }
  workgroupBarrier();
  if (lane == 0) {
    if (!all_ties) {
      for (var i: u32 = 0; missing > 0; i++) {
        if (sort_key(logits[i]) == prefix) {
          add(i);
          missing--;
        }
      }
    }
    found[0] = atomicLoad(&next);
    found[1] = bitcast<u32>(most);
    found[2] = bitcast<u32>(sum);
  }
}
