// What changes from run to run, and what the plan says of this step: struct Task, which every kernel has its own of. Its members are
// called as in sdk/gradients/step.ts; an operand stands from value NAME_at of its buffer on, in rows NAME_stride apart.
struct Run {
  tokens: u32,
  outputs: u32,
  dropoutSeed: u32,
  learningRate: f32,
  correction1: f32,
  correction2: f32,
}
@group(0) @binding(0) var<uniform> run: Run;
@group(0) @binding(1) var<uniform> task: Task;
