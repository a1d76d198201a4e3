// y[t] = c[t] (bias + sum over j of kernel[SIZE - 1 - j] g[t - j]), where g = b u: LFM2's short convolution, each channel by itself.
// g of positions before this pass comes from the cache, and those of this pass go there.
//
// Bindings: run; settings of the layer; params: kernel (SIZE, K), the oldest position first, then bias (K); x (T, 3 K) f32: b, c, u;
//   kv_cache (capacity, K); y (T, K) f32.
// Dispatch: (ceil(K / 4 / WG), T).
// Parts: run, params, settings, kv-write-*.
@group(0) @binding(4) var<storage, read> x: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> y: array<vec4f>;

fn gated(t: u32, i: u32) -> vec4f { return x[t * (3 * K / 4) + i] * x[t * (3 * K / 4) + K / 2 + i]; }

@compute @workgroup_size(WG)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  let t = id.y;
  if (i >= K / 4) { return; }
  let inside = t - run.tokens[t].y; // how many of the sequence stand before it in this pass
  var sum = params[SIZE * (K / 4) + i];
  for (var j: u32 = 0; j < SIZE && j <= run.position + inside; j++) {
    let weight = params[(SIZE - 1 - j) * (K / 4) + i];
    if (j <= inside) {
      sum += weight * gated(t - j, i);
    } else {
      sum += weight * kv_written((run.position + inside - j - settings.base) * (K / 4) + i);
    }
  }
  kv_write((run.position + t - settings.base) * (K / 4) + i, gated(t, i));
  y[t * (K / 4) + i] = x[t * (3 * K / 4) + K / 4 + i] * sum;
}
