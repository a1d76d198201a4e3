// What LFM2's convolution and its gradient have in common: x (rows, 3 width) = b, c, u; a kernel (width, size); rows see earlier ones of their
// own sequence.
struct Task {
  first: u32, most: u32, counted: u32,
  width: u32, size: u32, x_at: u32, x_stride: u32, weight_at: u32, has_bias: u32, bias_at: u32,
  out_at: u32, out_stride: u32, dOut_at: u32, dOut_stride: u32, dX_at: u32, dX_stride: u32,
}
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read> weight: array<f32>;
@group(0) @binding(4) var<storage, read> bias: array<f32>;
@group(0) @binding(5) var<storage, read> starts: array<i32>;

// bias + sum over what row n sees of kernel · b · u.
fn convolved(n: u32, i: u32) -> f32 {
  var sum = 0.0;
  if (task.has_bias == 1) { sum = bias[task.bias_at + i]; }
  let seen = min(n - u32(starts[n]), task.size - 1);
  for (var back: u32 = 0; back <= seen; back++) {
    let at = task.x_at + (n - back) * task.x_stride + i;
    sum += weight[task.weight_at + (i + 1) * task.size - 1 - back] * x[at] * x[at + 2 * task.width];
  }
  return sum;
}
