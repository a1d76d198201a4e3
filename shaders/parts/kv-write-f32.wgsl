// KV cache of one layer and slot as f32: keys (CTX, A), then values (CTX, A). The index counts groups of four.
@group(0) @binding(6) var<storage, read_write> kv_cache: array<vec4f>;
fn kv_write(i: u32, value: vec4f) { kv_cache[i] = value; }
