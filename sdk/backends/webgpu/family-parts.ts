import type { ModelConfig } from '../../model/config.ts';
import { FamilyKernels } from './family-kernels.ts';
import type { GpuDevice } from './gpu-device.ts';
import type { KernelSetting } from './kernel-factory.ts';
import { RotaryTables } from './rotary-tables.ts';

/** What only families after the papers' need: rotary positions, norms of queries and keys, convolutions. */
export interface FamilyParts {
  rotary(gpu: GpuDevice, config: ModelConfig): RotaryTables;
  kernels(setting: KernelSetting): FamilyKernels;
}

export const familyParts: FamilyParts = {
  rotary: (gpu, config) => new RotaryTables(gpu, config),
  kernels: (setting) => new FamilyKernels(setting),
};
