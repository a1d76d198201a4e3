// Sums and maxima over a workgroup of one lane (WG is 1), for software adapters: there is nothing to reduce.
fn reduce_sum(value: vec4f, lane: u32) -> vec4f { return value; }
fn reduce_max(value: f32, lane: u32) -> f32 { return value; }
