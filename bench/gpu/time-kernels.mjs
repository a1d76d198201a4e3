// Time per kind of kernel by timestamp queries: every dispatch gets a pass of its own, so the sum is above that of one pass. And what
// of a call is spent on writing commands, and on passes as they are.

/**
 * Wraps a GPU so that dispatches are timed while `timing.on`, or whole passes while `timing.passes`. `take` gives nanoseconds by
 * kernel, over all since the last call; passes are called 'pass'. `timing.writing` adds up the milliseconds between the making of
 * encoders and the ends of submits, in which the CPU writes commands.
 * @param {GPU} gpu
 */
export function timeKernels(gpu) {
  const timing = { on: false, passes: false, writing: 0 };
  const most = 4096;
  let device;
  let queries;
  let resolved;
  let staging;
  let labels = [];
  let began;
  const wrapDevice = (made) => {
    device = made;
    queries = device.createQuerySet({ type: 'timestamp', count: most });
    resolved = device.createBuffer({ size: most * 8, usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC });
    staging = device.createBuffer({ size: most * 8, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    const createEncoder = device.createCommandEncoder.bind(device);
    device.createCommandEncoder = (descriptor) => {
      began ??= performance.now();
      const encoder = createEncoder(descriptor);
      const begin = encoder.beginComputePass.bind(encoder);
      encoder.beginComputePass = (passDescriptor) => {
        if (timing.on) return splitPass(begin, labels, queries, most);
        return begin(timing.passes ? { timestampWrites: stamped('pass', labels, queries) } : passDescriptor);
      };
      return encoder;
    };
    const submit = device.queue.submit.bind(device.queue);
    device.queue.submit = (buffers) => {
      submit(buffers);
      timing.writing += performance.now() - began;
      began = undefined;
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

/** Timestamps of one more pass. */
function stamped(label, labels, querySet) {
  const at = labels.length * 2;
  labels.push(label);
  return { querySet, beginningOfPassWriteIndex: at, endOfPassWriteIndex: at + 1 };
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
      const isTimed = labels.length * 2 + 2 <= most;
      const pass = begin(isTimed ? { timestampWrites: stamped(pipeline.label, labels, querySet) } : {});
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindGroup);
      pass.dispatchWorkgroups(...groups);
      pass.end();
    },
    end: () => {},
  };
}
