import type { Adapter, LoraPair } from '../../../model/adapter.ts';
import type { ModelConfig } from '../../../model/config.ts';
import { seededRandom } from '../../../platform/seeded-random.ts';
import { adapterSlots } from '../adapter-slots.ts';

/** An adapter on every slot, of a strength that changes every text of a small random model. */
export function someAdapter(config: ModelConfig, seed: number, rank = 3): Adapter {
  const random = seededRandom(seed);
  const values = (count: number): Float32Array => Float32Array.from({ length: count }, () => (random() - 0.5) / 2);
  const pairs = adapterSlots(config).map(
    ({ slot }): LoraPair => ({
      ...slot,
      rank,
      scale: 2,
      a: values(rank * slot.inputs),
      b: values(slot.outputs * rank),
    }),
  );
  return { pairs };
}
