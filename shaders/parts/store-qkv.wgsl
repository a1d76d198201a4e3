// Output of the qkv layer, N = 3 A: queries to a buffer, keys and values straight into the KV cache.
@group(0) @binding(7) var<storage, read_write> y: array<vec4f>; // (T, A)

fn store(t: u32, n: u32, sum: vec4f) {
  let value = sum + params[(BIAS + n) / 4];
  if (n < A) {
    y[(t * A + n) / 4] = value;
  } else {
    let kind = n / A - 1; // 0 keys, 1 values
    kv_write(((kind * CTX + run.position + t) * A + n % A) / 4, value);
  }
}
