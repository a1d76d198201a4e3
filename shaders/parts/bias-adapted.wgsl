// Bias of an adapted layer, to which each token's own share of the adapter is added: b (a x) (Hu et al., LoRA, 2021). So the
// adapter reaches a product before its activation, its way into the cache or the residual, whatever stores it.
// Here params are a x of every token, (T, RANK), as store-low wrote them; from BIAS on the bias (N), then b, (RANK, N).
fn bias(t: u32, n: u32) -> vec4f {
  var sum = params[(BIAS + n) / 4];
  for (var r: u32 = 0; r < RANK; r += 4) {
    let low = params[(t * RANK + r) / 4];
    let b = (BIAS + (r + 1) * N + n) / 4;
    sum += low.x * params[b] + low.y * params[b + N / 4] + low.z * params[b + N / 2] + low.w * params[b + 3 * N / 4];
  }
  return sum;
}
