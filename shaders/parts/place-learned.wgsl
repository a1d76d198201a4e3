// Learned embedding of a position, values 4 i ... 4 i + 3.
@group(0) @binding(4) var<storage, read> positions: array<vec4f>; // (positions, K)

fn place(position: u32, i: u32) -> vec4f { return positions[position * (K / 4) + i]; }
