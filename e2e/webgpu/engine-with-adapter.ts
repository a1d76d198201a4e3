import type { Engine } from '../../sdk/backends/engine.ts';
import type { Adapter } from '../../sdk/model/adapter.ts';

/** Which argument of a pass holds its options. */
const optionsAt: Readonly<Record<string, number>> = {
  forward: 2,
  forwardBatch: 2,
  forwardCandidates: 2,
  decodeGreedy: 3,
};

/** The engine with an adapter, if one is given, in every pass. */
export async function withAdapter<E extends Engine>(engine: E, adapter: Adapter | undefined): Promise<E> {
  if (!adapter) return engine;
  const id = await engine.addAdapter(adapter);
  return new Proxy(engine, {
    get(target, name: string) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        const at = optionsAt[name];
        if (at !== undefined) args[at] = { ...(args[at] as object | undefined), adapter: id };
        return value.apply(target, args);
      };
    },
  });
}
