// An activation and its derivative, by their number in sdk/gradients/webgpu. Some drivers overflow in tanh, hence the clamps; tanh(10) is 1 in f32.
fn activation(kind: u32, x: f32) -> vec2f {
  switch kind {
    case 0: { // GELU by tanh (Hendrycks and Gimpel, 2016)
      let t = tanh(clamp(0.7978845608 * (x + 0.044715 * x * x * x), -10.0, 10.0));
      return vec2f(0.5 * x * (1 + t), 0.5 * (1 + t) + 0.3989422804 * x * (1 - t * t) * (1 + 0.134145 * x * x));
    }
    case 1: { // GELU by erf; erf after Abramowitz and Stegun 7.1.26, to 1.5e-7
      let z = min(abs(x) * 0.7071067812, 6.0);
      let t = 1 / (1 + 0.3275911 * z);
      let bell = exp(-z * z);
      let tail = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t * bell;
      let cdf = 0.5 * (1 + sign(x) * (1 - tail));
      return vec2f(x * cdf, cdf + 0.3989422804 * x * bell);
    }
    case 2: { return vec2f(max(x, 0.0), select(0.0, 1.0, x > 0.0)); }
    case 3: { // below -80 the exponential would overflow and the result is zero in f32 anyway
      let s = 1 / (1 + exp(min(-x, 80.0)));
      return vec2f(x * s, s * (1 + x * (1 - s)));
    }
    default: {
      let t = tanh(clamp(x, -10.0, 10.0));
      return vec2f(t, 1 - t * t);
    }
  }
}
