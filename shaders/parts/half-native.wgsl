// Two f16 values of a u32 as f32, where the device has the feature shader-f16: a conversion, no bit work.
enable f16;
fn half2(pair: u32) -> vec2f { return vec2f(bitcast<vec2<f16>>(pair)); }
