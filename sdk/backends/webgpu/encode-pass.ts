import type { Step } from './kernels.ts';

/** Replays lists of steps for T tokens in one compute pass. */
export function encodePass(encoder: GPUCommandEncoder, T: number, ...lists: (readonly Step[])[]): void {
  const pass = encoder.beginComputePass();
  for (const steps of lists) {
    for (const { pipeline, bindGroup, size } of steps) {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindGroup);
      pass.dispatchWorkgroups(...(size(T) as [number, number, number]));
    }
  }
  pass.end();
}
