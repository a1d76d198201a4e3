import type { Executor } from '../../gradients/executor.ts';
import { createReferenceExecutor } from '../../gradients/reference/index.ts';
import { memoryStates, type StateFiles } from '../run/state-files.ts';
import type { TrainingPlace } from '../run/training-place.ts';

/** A place whose executors are the reference, with f32 between two updates as the real ones have it, so that states bring all of them back. */
export function toyPlace(
  change: (executor: Executor, made: number) => Executor = (executor) => executor,
  backends: readonly ('webgpu' | 'wasm')[] = ['wasm'],
): TrainingPlace & { readonly files: Map<string, StateFiles>; readonly made: string[] } {
  const files = new Map<string, StateFiles>();
  const made: string[] = [];
  return {
    files,
    made,
    backends: async () => backends,
    async createExecutor(backend, plan, options) {
      made.push(backend);
      const executor = await createReferenceExecutor(plan, options);
      const length = plan.buffers.find(({ name }) => name === 'parameters')?.length ?? 0;
      return change(
        {
          ...executor,
          async run(phases, parameters) {
            await executor.run(phases, parameters);
            if (!phases.includes('update')) return;
            for (const name of ['parameters', 'firstMoments', 'secondMoments'])
              executor.write(name, await executor.read(name, 0, length));
          },
        },
        made.length,
      );
    },
    async openStates(key) {
      if (!files.has(key)) files.set(key, memoryStates());
      return files.get(key);
    },
  };
}
