// Apart from its probe: public declarations reach it, and must not need WebGPU's own types.
/** What WebGPU offers here. */
export interface WebGpuCapabilities {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  /** True for a GPU that is emulated on the CPU: right, but slow. */
  readonly isFallbackAdapter: boolean;
  readonly features: readonly string[];
  readonly limits: { readonly maxBufferSize: number; readonly maxStorageBufferBindingSize: number };
}
