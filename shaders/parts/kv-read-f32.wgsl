// Cache of one layer and slot as f32: keys (capacity, KV), then values (capacity, KV). The index counts groups of four.
@group(0) @binding(6) var<storage, read> kv_cache: array<vec4f>;
fn kv_read(i: u32) -> vec4f { return kv_cache[i]; }
