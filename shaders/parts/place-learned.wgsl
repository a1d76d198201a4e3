// Learned embedding of positions, values 4 i ... 4 i + 3 for token t.
@group(0) @binding(4) var<storage, read> positions: array<vec4f>; // (positions, K)

fn place(t: u32, i: u32) -> vec4f { return positions[(run.position + t - run.tokens[t].y) * (K / 4) + i]; }
