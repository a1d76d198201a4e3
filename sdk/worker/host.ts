import type { LocalQueries } from '../generation/local-queries.ts';
import { loadLocalQueries } from '../loading/load-local-model.ts';
import { snapshotTokenizer } from '../tokenizer/snapshot.ts';
import type { WeightCache } from '../weight-cache/weight-cache.ts';
import { GeneratorHost } from './generator-host.ts';
import type { CacheCalls, CloneableLoadOptions, CloneableSource, Host, PortMessage, Queries } from './protocol.ts';
import { restoreSource } from './source.ts';

/** The host of a worker that loads every model and answers every call. */
export class WorkerHost extends GeneratorHost<LocalQueries> implements Host {
  load(
    source: CloneableSource,
    options: CloneableLoadOptions,
    port: MessagePort,
    calls?: CacheCalls,
    budgetBytes?: number,
  ): void {
    const cache = calls ? remoteCache(calls, budgetBytes) : options.cache;
    this.serveLoad(
      port,
      options,
      (loadOptions) => loadLocalQueries(restoreSource(source), { ...loadOptions, cache }),
      (model) => (model.hasTokenizer ? snapshotTokenizer(model.tokenizer) : undefined),
    );
  }

  query<K extends keyof Queries>(id: number, name: K, args: Parameters<Queries[K]>, port: MessagePort): void {
    this.serveModel<never, unknown>(id, moving(port), (model, signal) => {
      const [input, options] = args as unknown as [never, object?];
      return model[name](input, { ...options, signal });
    });
  }
}

/** The port with logits moved, not copied: those of a long text are hundreds of MB, and nobody's but the caller's. */
function moving(port: MessagePort): MessagePort {
  const send = port.postMessage.bind(port);
  port.postMessage = (message: PortMessage<never, unknown>) => {
    const value = 'outcome' in message && 'value' in message.outcome && message.outcome.value;
    send(message, value instanceof Float32Array ? [value.buffer] : []);
  };
  return port;
}

/** A Comlink proxy answers to every name; the cache that is made of it has just its four calls. */
function remoteCache(calls: CacheCalls, budgetBytes: number | undefined): WeightCache {
  return {
    read: (name) => calls.read(name),
    write: (name, bytes) => calls.write(name, bytes),
    remove: (name) => calls.remove(name),
    names: () => calls.names(),
    budgetBytes,
  };
}
