// KV cache of one layer and slot as f32: keys (CTX, A), then values (CTX, A). The index counts groups of four.
@group(0) @binding(6) var<storage, read> kv_cache: array<vec4f>;
fn kv_read(i: u32) -> vec4f { return kv_cache[i]; }
