// What the current step works on. Written by the CPU before a submit, or by argmax.wgsl when tokens run ahead.
// An array of tokens rather than one, so that a decode step and a prefill chunk share the kernels.
struct Run {
  // Where the first token stands in its sequence.
  position: u32,
  // T, tokens in this step.
  count: u32,
  // Which of the T rows of x the matrix-vector kernels read (the last one of a prefill, else 0).
  row: u32,
  // How many tokens argmax.wgsl has chosen since the CPU last wrote.
  step: u32,
  // (T) of a token's id and of which of the T begins its sequence: 0, unless several sequences are in this step. Each
  // follows what the KV cache holds before `position`, and its tokens stand in the cache behind those of the one before.
  tokens: array<vec2u>,
}
@group(0) @binding(0) var<storage, read> run: Run;
