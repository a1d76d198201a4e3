import { ClassificationHead } from '../backends/classification-head.ts';
import type { Engine } from '../backends/engine.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import type { AdapterName } from '../loaded-model/model-calls.ts';
import type { AdapterHead, AdapterParts } from '../model/adapter.ts';
import type { HeadConfig, ModelConfig } from '../model/config.ts';

/** An adapter that a model keeps: its number in the engine, and the head that came with it. */
export interface KeptAdapter {
  readonly id: number;
  readonly head?: ClassificationHead;
}

/** The adapters of a model, by name. */
export class KeptAdapters {
  readonly #engine: Engine;
  readonly #config: ModelConfig;
  readonly #kept = new Map<string, KeptAdapter>();

  constructor(engine: Engine, config: ModelConfig) {
    this.#engine = engine;
    this.#config = config;
  }

  get names(): string[] {
    return [...this.#kept.keys()];
  }

  /** Returns its name. @throws GptletError INVALID_OPTION for a name that is taken; OUT_OF_MEMORY */
  async add({ adapter, head }: AdapterParts, { given, usual }: AdapterName): Promise<string> {
    if (given !== undefined && this.#kept.has(given)) {
      throw new GptletError(
        'INVALID_OPTION',
        `There is an adapter '${given}' already. Unload it first, or give this one another name.`,
      );
    }
    const name = given ?? freeName(usual, this.#kept);
    const id = await this.#engine.addAdapter(adapter);
    this.#kept.set(name, { id, ...(head && { head: classificationHead(head, this.#config) }) });
    return name;
  }

  remove(name: string): void {
    this.#engine.removeAdapter((this.find(name) as KeptAdapter).id);
    this.#kept.delete(name);
  }

  /** @throws GptletError INVALID_OPTION for a name that no adapter has */
  find(name: string | undefined): KeptAdapter | undefined {
    if (name === undefined) return undefined;
    const found = this.#kept.get(name);
    if (found) return found;
    const { names } = this;
    throw new GptletError(
      'INVALID_OPTION',
      `There is no adapter '${name}'; ${names.length > 0 ? `loaded are ${names.map((each) => `'${each}'`).join(', ')}` : 'none is loaded'}. Call loadAdapter first.`,
    );
  }
}

/** The usual name, with a number behind it where that is taken. */
function freeName(usual: string, taken: ReadonlyMap<string, unknown>): string {
  let name = usual;
  for (let i = 2; taken.has(name); i++) name = `${usual}-${i}`;
  return name;
}

/** The head that came with an adapter. */
export function classificationHead({ weight, bias }: AdapterHead, config: ModelConfig): ClassificationHead {
  const { nEmbd } = config;
  const count = weight.length / nEmbd;
  // What its labels are called is nobody's business here.
  const own: HeadConfig = {
    kind: 'sequence-classification',
    labels: Array.from({ length: count }, String),
    bias: bias !== undefined,
  };
  const head = new ClassificationHead(own, nEmbd);
  const part = { rowOffset: 0, columnStride: 1 };
  head.take({ ...part, name: 'score.weight', rows: count, columns: nEmbd, rowStride: nEmbd, data: weight });
  if (bias) head.take({ ...part, name: 'score.bias', rows: 1, columns: count, rowStride: count, data: bias });
  return head;
}
