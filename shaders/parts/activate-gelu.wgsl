// GELU by erf (Hendrycks and Gimpel, 2016); erf after Abramowitz and Stegun 7.1.26, to 1.5e-7.
fn activate(x: vec4f) -> vec4f {
  let z = min(abs(x) * 0.7071067812, vec4f(6));
  let t = 1 / (1 + 0.3275911 * z);
  let tail = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t * exp(-z * z);
  return 0.5 * x * (1 + sign(x) * (1 - tail));
}
