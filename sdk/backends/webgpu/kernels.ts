import { type CompiledKernel, compileKernel } from './compile-kernel.ts';

/** A kernel of shaders/, the parts it is put together from, and the sizes it is compiled for. */
export interface KernelSpec {
  readonly name: string;
  /** Names under shaders/parts. */
  readonly parts: readonly string[];
  /** WGSL constants: those of `floats` are f32, the others u32. */
  readonly constants: Readonly<Record<string, number>>;
}

/** WGSL by file name under shaders. */
export type ShaderSources = Readonly<Record<string, string>>;

/**
 * Gives the WGSL that few models on a GPU run in: for families after the papers', for software adapters, for q4 and for activations
 * other than GPT-2's. A worker has its page do it.
 */
export type LoadRareShaders = () => Promise<ShaderSources>;

const floats: readonly string[] = ['C', 'EPSILON', 'FACTOR', 'CAP'];

/** One dispatch, made once and replayed. `size` gives the workgroups for T tokens. */
export interface Step {
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
  readonly size: (T: number) => readonly [number, number, number];
}

/** A step before its kernel is compiled. */
export interface StepDraft {
  readonly kernel: KernelSpec;
  /** Buffers by the names of the variables in the WGSL. */
  readonly buffers: Readonly<Record<string, GPUBuffer>>;
  readonly size: Step['size'];
}

/** The WGSL of a kernel: directives first, then constants, parts and the kernel itself. */
export function composeKernel(spec: KernelSpec, sources: ShaderSources): string {
  const directives = new Set<string>();
  const body = filesOf(spec).map((file) =>
    sources[file].replace(/enable \w+;|diagnostic\([^)]*\);/g, (directive) => {
      directives.add(directive);
      return '';
    }),
  );
  const constants = Object.entries(spec.constants).map(
    ([name, value]) => `const ${name}:${floats.includes(name) ? 'f32' : 'u32'}=${value};`,
  );
  return [...directives, ...constants, ...body].join('\n');
}

const filesOf = ({ parts, name }: KernelSpec): string[] => [...parts.map((part) => `parts/${part}`), name];

/** Compiles kernels of one device, each once, whichever model asks for it. */
export class KernelCache {
  readonly #device: GPUDevice;
  #sources: ShaderSources;
  readonly #pending = new Map<string, Promise<void>>();
  readonly #compiled = new Map<string, CompiledKernel>();

  constructor(device: GPUDevice, sources: ShaderSources) {
    this.#device = device;
    this.#sources = sources;
  }

  /** Compiles what is not compiled yet; the driver may do so on several threads. */
  async compile(specs: readonly KernelSpec[], loadRareShaders: LoadRareShaders): Promise<void> {
    if (!specs.flatMap(filesOf).every((file) => this.#sources[file])) {
      this.#sources = { ...this.#sources, ...(await loadRareShaders()) };
    }
    await Promise.all(
      specs.map((spec) => {
        const code = composeKernel(spec, this.#sources);
        let pending = this.#pending.get(code);
        if (!pending) {
          pending = compileKernel(this.#device, `${spec.name} (${spec.parts.join(', ')})`, code).then((kernel) => {
            this.#compiled.set(code, kernel);
          });
          this.#pending.set(code, pending);
          // A failure is not kept: the next model may find a better driver or ask again.
          pending.catch(() => this.#pending.delete(code));
        }
        return pending;
      }),
    );
  }

  /** A step of a kernel that {@link compile} has seen. */
  step({ kernel, buffers, size }: StepDraft): Step {
    const { pipeline, layout, bindings } = this.#compiled.get(composeKernel(kernel, this.#sources)) as CompiledKernel;
    const entries = bindings.map(({ name, binding }) => ({ binding, resource: { buffer: buffers[name] } }));
    return { pipeline, bindGroup: this.#device.createBindGroup({ label: kernel.name, layout, entries }), size };
  }
}
