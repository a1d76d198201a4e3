// Counts what a page asks of WebGPU, by wrapping the devices that come out of a GPU object. Runs in pages and in Node.

/** Names of the counters. */
export const counters = [
  'dispatches',
  'passes',
  'submits',
  'bindGroupsCreated',
  'buffersCreated',
  'pipelinesCompiled',
  'bytesRead',
  'bytesWritten',
];

/**
 * A GPU like `gpu` and the counts of all its devices; `take` gives the counts since the last call.
 * @param {GPU} gpu
 * @returns {{ gpu: GPU, take: () => Record<string, number> }}
 */
export function countWork(gpu) {
  let counts = zero();
  const after = (object, name, count) => {
    const original = object[name].bind(object);
    object[name] = (...args) => {
      count(...args);
      return original(...args);
    };
  };
  const wrapDevice = (device) => {
    after(device, 'createBindGroup', () => counts.bindGroupsCreated++);
    after(device, 'createComputePipelineAsync', () => counts.pipelinesCompiled++);
    after(device, 'createComputePipeline', () => counts.pipelinesCompiled++);
    after(device.queue, 'submit', () => counts.submits++);
    after(device.queue, 'writeBuffer', (_buffer, _at, data, from = 0, size) => {
      const unit = data.BYTES_PER_ELEMENT ?? 1;
      counts.bytesWritten += size === undefined ? data.byteLength - from * unit : size * unit;
    });
    const createBuffer = device.createBuffer.bind(device);
    device.createBuffer = (descriptor) => {
      counts.buffersCreated++;
      const buffer = createBuffer(descriptor);
      after(buffer, 'mapAsync', (_mode, from = 0, size = buffer.size - from) => {
        counts.bytesRead += size;
      });
      return buffer;
    };
    const createCommandEncoder = device.createCommandEncoder.bind(device);
    device.createCommandEncoder = (descriptor) => {
      const encoder = createCommandEncoder(descriptor);
      const beginComputePass = encoder.beginComputePass.bind(encoder);
      encoder.beginComputePass = (passDescriptor) => {
        counts.passes++;
        const pass = beginComputePass(passDescriptor);
        after(pass, 'dispatchWorkgroups', () => counts.dispatches++);
        return pass;
      };
      return encoder;
    };
    return device;
  };
  const counted = {
    async requestAdapter(options) {
      const adapter = await gpu.requestAdapter(options);
      if (!adapter) return null;
      const requestDevice = adapter.requestDevice.bind(adapter);
      adapter.requestDevice = async (descriptor) => wrapDevice(await requestDevice(descriptor));
      return adapter;
    },
  };
  const take = () => {
    const taken = counts;
    counts = zero();
    return taken;
  };
  return { gpu: counted, take };
}

const zero = () => Object.fromEntries(counters.map((name) => [name, 0]));
