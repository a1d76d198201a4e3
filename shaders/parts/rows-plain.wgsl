// Rows that are normalised as they are. What is kept of one for others is its norm.
@group(0) @binding(4) var<storage, read> x: array<vec4f>; // (T, K)
var<private> by: vec2f;

fn row_value(stage: u32, t: u32, i: u32) -> vec4f { return x[t * (K / 4) + i]; }

// Finds what row t is normalised by.
fn measure(t: u32, lane: u32) { by = measured(0, t, lane); }

// Values 4 i ... 4 i + 3 of row t.
fn normalise(t: u32, i: u32) -> vec4f { return scaled(row_value(0, t, i), by, 0, i); }
fn kept_value(t: u32, i: u32) -> vec4f { return normalise(t, i); }
