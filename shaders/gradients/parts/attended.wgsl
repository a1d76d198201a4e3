// What attention and its gradient have in common: of each row queries of nHead heads, then keys and values of nKvHead, HS values each.
// Query head h meets keys and values of head h · nKvHead / nHead.
struct Task {
  first: u32, most: u32, counted: u32,
  nHead: u32, nKvHead: u32, window: u32, scale: f32, softCap: f32,
  qkv_at: u32, qkv_stride: u32, logSumExp_at: u32, logSumExp_stride: u32, out_at: u32, out_stride: u32,
  dOut_at: u32, dOut_stride: u32, dQkv_at: u32, dQkv_stride: u32,
}
@group(0) @binding(2) var<storage, read> qkv: array<f32>;
const HS4: u32 = (HS + 3) / 4;

// Which of values 4 i ... 4 i + 3 a head has.
fn inside(i: u32) -> vec4<bool> { return vec4u(0, 1, 2, 3) + 4 * i < vec4u(HS); }

// Values 4 i ... 4 i + 3 of vector `head` of a row of queries, keys and values; 0 behind its end.
fn vector(row: u32, head: u32, i: u32) -> vec4f {
  let at = task.qkv_at + row * task.qkv_stride + head * HS + 4 * i;
  return select(vec4f(), vec4f(qkv[at], qkv[at + 1], qkv[at + 2], qkv[at + 3]), inside(i));
}

// A score of scaled products.
fn capped(score: f32) -> f32 {
  if (task.softCap == 0.0) { return score; }
  return task.softCap * tanh(clamp(score / task.softCap, -10.0, 10.0));
}
