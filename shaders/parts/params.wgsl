// The small vectors of one linear layer, in f32: norm gain (K), norm shift (K), bias (N); BIAS is where the last starts.
@group(0) @binding(1) var<storage, read> params: array<vec4f>;
