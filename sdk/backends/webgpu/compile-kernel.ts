import { GptletError } from '../../errors/gptlet-error.ts';

/** A kernel ready to run: what a step needs besides its buffers. */
export interface CompiledKernel {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
  readonly bindings: ReturnType<typeof readBindings>;
}

/**
 * Compiles WGSL without comments and needless space, as scripts/generate-shaders.mjs leaves it.
 *
 * @throws GptletError UNSUPPORTED_PLATFORM with what the driver said.
 */
export async function compileKernel(device: GPUDevice, label: string, code: string): Promise<CompiledKernel> {
  const bindings = readBindings(code);
  const layout = device.createBindGroupLayout({
    entries: bindings.map(({ binding, type }) => ({ binding, visibility: GPUShaderStage.COMPUTE, buffer: { type } })),
  });
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ label, code });
  const invalid = device.popErrorScope();
  try {
    const pipeline = await device.createComputePipelineAsync({
      label,
      layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module, entryPoint: 'main' },
    });
    // Reported below where it matters; a scope left open would swallow later errors.
    await invalid;
    return { pipeline, layout, bindings };
  } catch (cause) {
    const messages = (await module.getCompilationInfo()).messages.map(
      ({ lineNum, message }) => `line ${lineNum}: ${message}`,
    );
    const why = messages.join('; ') || (await invalid)?.message || String(cause);
    throw new GptletError(
      'UNSUPPORTED_PLATFORM',
      `The GPU driver did not compile the kernel ${label}: ${why}. Use backend 'wasm', and please report the message.`,
      { cause },
    );
  }
}

/** Name, number and type of every buffer that a kernel declares, all in group 0. */
function readBindings(code: string): { name: string; binding: number; type: GPUBufferBindingType }[] {
  const declarations = code.matchAll(/@binding\((\d+)\)var<(\w+),?(\w*)>(\w+)/g);
  return [...declarations].map(([, number, space, access, name]) => ({
    name,
    binding: Number(number),
    type: space === 'uniform' ? space : access === 'read' ? 'read-only-storage' : 'storage',
  }));
}
