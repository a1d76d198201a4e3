// Time per kind of kernel by timestamp queries: every dispatch gets a pass of its own, so the sum is above that of one pass.

/**
 * Wraps a GPU so that dispatches are timed while `timing.on`. `take` gives nanoseconds by kernel, over all since the last call.
 * @param {GPU} gpu
 */
export function timeKernels(gpu) {
  const timing = { on: false };
  const most = 4096;
  let device;
  let queries;
  let resolved;
  let staging;
  let labels = [];
  const wrapDevice = (made) => {
    device = made;
    queries = device.createQuerySet({ type: 'timestamp', count: most });
    resolved = device.createBuffer({ size: most * 8, usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC });
    staging = device.createBuffer({ size: most * 8, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    const createEncoder = device.createCommandEncoder.bind(device);
    device.createCommandEncoder = (descriptor) => {
      const encoder = createEncoder(descriptor);
      const begin = encoder.beginComputePass.bind(encoder);
      encoder.beginComputePass = (passDescriptor) =>
        timing.on ? splitPass(begin, labels, queries, most) : begin(passDescriptor);
      return encoder;
    };
    return device;
  };
  const wrapped = {
    async requestAdapter(options) {
      const adapter = await gpu.requestAdapter(options);
      if (!adapter) return null;
      const requestDevice = adapter.requestDevice.bind(adapter);
      adapter.requestDevice = async (descriptor) => wrapDevice(await requestDevice(descriptor));
      return adapter;
    },
  };
  const take = async () => {
    const encoder = device.createCommandEncoder();
    encoder.resolveQuerySet(queries, 0, labels.length * 2, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, staging, 0, most * 8);
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    const stamps = new BigUint64Array(staging.getMappedRange().slice(0));
    staging.unmap();
    const byKernel = {};
    labels.forEach((label, i) => {
      const entry = (byKernel[label] ??= { dispatches: 0, nanoseconds: 0 });
      entry.dispatches++;
      entry.nanoseconds += Number(stamps[i * 2 + 1] - stamps[i * 2]);
    });
    labels = [];
    return byKernel;
  };
  return { gpu: wrapped, timing, take };
}

/** A pass that is really one pass a dispatch, each with two timestamps. */
function splitPass(begin, labels, querySet, most) {
  let pipeline;
  let bindGroup;
  return {
    setPipeline: (value) => {
      pipeline = value;
    },
    setBindGroup: (_index, value) => {
      bindGroup = value;
    },
    dispatchWorkgroups: (...groups) => {
      const at = labels.length * 2;
      const timed = at + 2 <= most;
      const pass = begin(
        timed ? { timestampWrites: { querySet, beginningOfPassWriteIndex: at, endOfPassWriteIndex: at + 1 } } : {},
      );
      if (timed) labels.push(pipeline.label);
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindGroup);
      pass.dispatchWorkgroups(...groups);
      pass.end();
    },
    end: () => {},
  };
}
