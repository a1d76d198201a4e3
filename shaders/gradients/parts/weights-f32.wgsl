// A matrix as f32.
@group(0) @binding(2) var<storage, read> weights: array<f32>;

fn weight(row: u32, column: u32) -> f32 { return weights[task.weights_at + row * task.weights_stride + column]; }
