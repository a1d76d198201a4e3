// Soft cap of scores and logits (Gemma 2). Some drivers overflow in tanh, hence the clamp; tanh(10) is 1 in f32.
fn capped(x: vec4f) -> vec4f { return CAP * tanh(clamp(x / CAP, vec4f(-10), vec4f(10))); }
