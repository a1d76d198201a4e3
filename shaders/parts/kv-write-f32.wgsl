// Cache as in kv-read-f32, to be written.
@group(0) @binding(6) var<storage, read_write> kv_cache: array<vec4f>;
fn kv_write(i: u32, value: vec4f) { kv_cache[i] = value; }
fn kv_written(i: u32) -> vec4f { return kv_cache[i]; }
