// Input of matvec.wgsl: what the SPLITS workgroups of each head left in attention.wgsl, put together.
// Sum over s of e^(m_s - M) o_s over sum of e^(m_s - M) l_s, M the largest m_s (Dao et al., Flash-Decoding, 2023).
@group(0) @binding(4) var<storage, read> x: array<vec4f>; // (SPLITS, K), not yet divided by l
@group(0) @binding(5) var<storage, read> stats: array<vec2f>; // (SPLITS, NH) of (m, l)
// One more head than there are, for the padding.
var<workgroup> shares: array<f32, SPLITS * (NH + 1)>;

fn prepare(group: u32, lane: u32) {
  for (var head = lane; head < NH; head += WG) {
    var most = stats[head].x;
    for (var s: u32 = 1; s < SPLITS; s++) { most = max(most, stats[s * NH + head].x); }
    var total = 0.0;
    for (var s: u32 = 0; s < SPLITS; s++) {
      let ml = stats[s * NH + head];
      let weight = exp(ml.x - most);
      shares[s * (NH + 1) + head] = weight;
      total += weight * ml.y;
    }
    for (var s: u32 = 0; s < SPLITS; s++) { shares[s * (NH + 1) + head] /= total; }
  }
  workgroupBarrier();
}
fn mixed(i: u32) -> vec4f {
  let head = min(i * 4 / HS, NH);
  var sum = vec4f();
  for (var s: u32 = 0; s < SPLITS; s++) { sum += shares[s * (NH + 1) + head] * x[s * (K / 4) + i]; }
  return sum;
}
fn input(i: u32) -> mat2x4f { return mat2x4f(mixed(i * 2), mixed(i * 2 + 1)); }
