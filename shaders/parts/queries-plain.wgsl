// Queries of attention.wgsl that stand ready.
@group(0) @binding(4) var<storage, read> q: array<vec4f>; // (Q), the first A of them queries

fn prepare_queries(head: u32, lane: u32, owns: bool) {}
fn query(head: u32, h: u32, i: u32) -> vec4f { return q[(head + h) * LANES + i]; }
