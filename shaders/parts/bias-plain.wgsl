fn bias(t: u32, n: u32) -> vec4f { return params[(BIAS + n) / 4]; }
