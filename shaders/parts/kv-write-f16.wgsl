// KV cache of one layer and slot as f16: keys (CTX, A), then values (CTX, A). The index counts groups of four.
@group(0) @binding(6) var<storage, read_write> kv_cache: array<vec2u>;
fn kv_write(i: u32, value: vec4f) { kv_cache[i] = vec2u(pack2x16float(value.xy), pack2x16float(value.zw)); }
