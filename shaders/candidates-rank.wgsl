// Candidates for sampling, last of three kernels: those that are listed find their places by counting who comes before them, so
// that sampling reads back kilobytes and not the whole row.
//
// Bindings: listed of candidates-list.wgsl; sums (SUMS) of candidates-peaks.wgsl; found u32: how many there are (more than LISTED
//   where the list was too short), bits of the largest logit and of the sum of e^(logit - largest), then the COUNT largest, or
//   all, as pairs of token id and logit bits, best first and the lower id first among equals.
// Dispatch: (LISTED / WG).
// Parts: none.
@group(0) @binding(4) var<storage, read> listed: array<vec2u>;
@group(0) @binding(5) var<storage, read> sums: array<vec2f>;
@group(0) @binding(7) var<storage, read_write> found: array<u32>;

@compute @workgroup_size(WG)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let count = min(listed[0].x, LISTED);
  if (id.x < count) {
    let own = listed[1 + id.x];
    let value = bitcast<f32>(own.y);
    var place: u32 = 0;
    for (var i: u32 = 1; i <= count; i++) {
      let other = bitcast<f32>(listed[i].y);
      place += u32(other > value || (other == value && listed[i].x < own.x));
    }
    if (place < COUNT) {
      found[3 + place * 2] = own.x;
      found[4 + place * 2] = own.y;
    }
  }
  if (id.x == 0) {
    var most = sums[0].x;
    for (var s: u32 = 1; s < SUMS; s++) { most = max(most, sums[s].x); }
    var sum = 0.0;
    for (var s: u32 = 0; s < SUMS; s++) { sum += sums[s].y * exp(sums[s].x - most); }
    found[0] = select(listed[0].x, min(listed[0].x, COUNT), listed[0].x <= LISTED);
    found[1] = bitcast<u32>(most);
    found[2] = bitcast<u32>(sum);
  }
}
