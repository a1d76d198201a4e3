// Output of a qkv layer without rotary positions and norms of its own, N = A + 2 KV: queries to a buffer, keys and values
// straight into the cache.
@group(0) @binding(7) var<storage, read_write> y: array<vec4f>; // (T, A)

fn store(t: u32, n: u32, sum: vec4f) {
  let value = sum + bias(t, n);
  if (n < A) {
    y[(t * A + n) / 4] = value;
  } else {
    let kind = (n - A) / KV; // 0 keys, 1 values
    kv_write(((kind * settings.capacity + run.position - settings.base + t) * KV + (n - A) % KV) / 4, value);
  }
}
