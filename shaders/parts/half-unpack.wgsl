// Two f16 values of a u32 as f32, on every device.
fn half2(pair: u32) -> vec2f { return unpack2x16float(pair); }
