// Cache of one layer and slot as f16: keys (capacity, KV), then values (capacity, KV). The index counts groups of four.
@group(0) @binding(6) var<storage, read> kv_cache: array<vec2u>;
fn kv_read(i: u32) -> vec4f { return vec4f(unpack2x16float(kv_cache[i].x), unpack2x16float(kv_cache[i].y)); }
