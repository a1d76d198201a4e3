// How fast a GPU reads its memory: what a matrix-vector product cannot be faster than.

/** Workgroups that share the buffer: how many keep enough loads in flight depends on the GPU, so the best counts. */
const groupCounts = [256, 1024, 4096];

/**
 * GB/s of five runs, each of which reads `bytes` `repeats` times over in one submit, so that the submit itself counts for little.
 * @param {GPUAdapter} adapter
 * @param {number} bytes a power of two, of which the default limits allow 2^27
 */
export async function streamingRead(adapter, bytes, repeats = 64) {
  const device = await adapter.requestDevice();
  const buffer = (/** @type {number} */ size, /** @type {number} */ usage) => device.createBuffer({ size, usage });
  const source = buffer(bytes, GPUBufferUsage.STORAGE);
  const sums = buffer(4 * 256 * Math.max(...groupCounts), GPUBufferUsage.STORAGE);
  // Neighbouring lanes read neighbouring vectors; the sum is stored so that no compiler leaves the loads out.
  const code = `
    @group(0) @binding(0) var<storage, read> source: array<vec4f>;
    @group(0) @binding(1) var<storage, read_write> sums: array<f32>;
    @compute @workgroup_size(256)
    fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
      var sum = vec4f();
      for (var i = id.x; i < arrayLength(&source); i += groups.x * 256) { sum += source[i]; }
      sums[id.x] = dot(sum, vec4f(1));
    }`;
  const pipeline = device.createComputePipeline({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code }), entryPoint: 'main' },
  });
  const bindGroup = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [source, sums].map((one, binding) => ({ binding, resource: { buffer: one } })),
  });
  const run = async (/** @type {number} */ groups) => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindGroup);
    for (let i = 0; i < repeats; i++) pass.dispatchWorkgroups(groups);
    pass.end();
    const start = performance.now();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    return (repeats * bytes) / (performance.now() - start) / 1e6;
  };
  let best = [0];
  for (const groups of groupCounts) {
    await run(groups);
    const speeds = [];
    for (let i = 0; i < 5; i++) speeds.push(await run(groups));
    if (Math.max(...speeds) > Math.max(...best)) best = speeds;
  }
  device.destroy();
  return best;
}
