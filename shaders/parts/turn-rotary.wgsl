// Rotary positions (Su et al., RoFormer, 2021), of which the two values of a pair stand side by side. The table holds the
// cosine and sine of each pair, TURNED values a position, made in double precision; what stands behind them does not turn.
@group(0) @binding(9) var<storage, read> turns: array<vec4f>; // (positions, TURNED)

// Values 4 i ... 4 i + 3 of a head.
fn turn(position: u32, i: u32, value: vec4f) -> vec4f {
  if (i >= TURNED / 4) { return value; }
  let by = turns[position * (TURNED / 4) + i];
  return value * by.xxzz + value.yxwz * vec4f(-by.y, by.y, -by.w, by.w);
}
