// Cache as in kv-read-f16, to be written. What f16 cannot hold becomes its largest number: WGSL leaves open what packing
// makes of it, and one infinity makes all that attends to it NaN.
@group(0) @binding(6) var<storage, read_write> kv_cache: array<vec2u>;
fn kv_write(i: u32, value: vec4f) {
  let held = clamp(value, vec4f(-65504), vec4f(65504));
  kv_cache[i] = vec2u(pack2x16float(held.xy), pack2x16float(held.zw));
}
fn kv_written(i: u32) -> vec4f { return vec4f(unpack2x16float(kv_cache[i].x), unpack2x16float(kv_cache[i].y)); }
