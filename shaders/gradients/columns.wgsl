// out[i] += sum over r of term(r, i): gradients of biases, of norms' weights and of convolutions' kernels.
//
// Bindings: out; those of the term.
// Dispatch: (columns / 16). 256 lanes take 16 columns, each every sixteenth row, and then add up in their order.
// Parts: run, rows, one of term-*.
@group(0) @binding(2) var<storage, read_write> out: array<f32>;
var<workgroup> sums: array<f32, 256>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = group.x * 16 + lane % 16;
  let count = row_count() * task.groups;
  var sum = 0.0;
  if (i < task.columns) {
    for (var r = lane / 16; r < count; r += 16) { sum += term(r, i); }
  }
  sums[lane] = sum;
  workgroupBarrier();
  if (lane < 16 && i < task.columns) {
    var total = 0.0;
    for (var k: u32 = 0; k < 16; k++) { total += sums[k * 16 + lane]; }
    out[task.out_at + i] += total;
  }
}
