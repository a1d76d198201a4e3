// KV cache of one layer and slot as f16: keys (CTX, A), then values (CTX, A). The index counts groups of four. What f16 cannot
// hold becomes its largest number: WGSL leaves open what packing makes of it, and one infinity makes all that attends to it NaN.
@group(0) @binding(6) var<storage, read_write> kv_cache: array<vec2u>;
fn kv_write(i: u32, value: vec4f) {
  let held = clamp(value, vec4f(-65504), vec4f(65504));
  kv_cache[i] = vec2u(pack2x16float(held.xy), pack2x16float(held.zw));
}
