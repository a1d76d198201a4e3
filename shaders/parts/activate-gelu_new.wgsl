// GELU by tanh (Hendrycks and Gimpel, 2016). Some drivers overflow in tanh, hence the clamp; tanh(10) is 1 in f32.
fn activate(x: vec4f) -> vec4f {
  return 0.5 * x * (1 + tanh(clamp(0.7978845608 * (x + 0.044715 * x * x * x), vec4f(-10), vec4f(10))));
}
