import { GptletError } from '../errors/gptlet-error.ts';
import type { ModelConfig } from '../model/config.ts';
import type { FamilyFiles, RowRun, TensorNames } from '../model/families/model-family.ts';
import { type WeightShape, weightShapes } from '../model/weight-shapes.ts';
import { plainNames } from './plain-names.ts';
import type { WeightFile } from './weight-file.ts';

/** Where the tensor of a name belongs: in a weight, or in one of the parts that are joined in it. */
export interface Place {
  readonly shape: WeightShape;
  /** The first row that it fills, and how many; of a vector, the first value. */
  readonly first: number;
  readonly count: number;
  /** Where its rows go, where not one after the other. */
  readonly runs?: readonly RowRun[];
}

/** What wrappers put before every name: data-parallel training, torch.compile, a module that holds the model. */
const wrappers = /^(?:(?:module|_orig_mod|model)\.)*/;

/** What the files of a checkpoint call its weights. Plain names are the family's, without prefixes. */
export class FileNaming {
  /** By plain name: all places that the tensor fills. */
  readonly places: ReadonlyMap<string, readonly Place[]>;
  readonly #config: ModelConfig;
  readonly #names: TensorNames;
  /** What stands before every name, and before those that are not of a head. */
  readonly #prefix: string;
  readonly #bodyPrefix: string;
  readonly #lmHead: string;

  /** @throws GptletError BAD_CHECKPOINT where some names have a prefix that others lack */
  constructor(config: ModelConfig, { tensorNames }: FamilyFiles, files: readonly WeightFile[]) {
    const { body, modules } = tensorNames;
    this.#config = config;
    this.#names = tensorNames;
    const names = files.flatMap(({ tensors }) => tensors.map(({ name }) => name));
    this.#prefix = commonPrefix(names, body, files);
    this.#bodyPrefix = names.some((name) => name.startsWith(this.#prefix + body)) ? body : '';
    this.#lmHead = `${modules['head']}.weight`;
    const places = new Map<string, Place[]>();
    for (const shape of weightShapes(config)) {
      const plain = plainNames(shape.name, config, tensorNames);
      const all = shape.isVector ? shape.columns : shape.rows;
      let first = 0;
      for (const [part, { name, module }] of plain.entries()) {
        const count = plain.length > 1 ? (shape.joined?.[part] ?? all) : all;
        places.set(name, [...(places.get(name) ?? []), { shape, first, count, runs: tensorNames.rowRuns?.[module] }]);
        first += count;
      }
    }
    // Of a pair that is one weight either name will do.
    const [{ name: embedding }] = plainNames('tokenEmbedding', config, tensorNames);
    const held = new Set(names.map((name) => this.plain(name)));
    const hasLmHead = !config.head || config.head.kind === 'multiple-choice';
    if (config.tiedHead && hasLmHead && held.has(this.#lmHead) && !held.has(embedding)) {
      places.set(this.#lmHead, places.get(embedding) as Place[]);
      places.delete(embedding);
    }
    this.places = places;
  }

  plain(name: string): string {
    const inner = name.slice(this.#prefix.length);
    const { body, otherNames } = this.#names;
    const plain = inner.startsWith(body) ? inner.slice(body.length) : inner;
    const [, module, kind] = /^(.+)(\.\w+)$/.exec(plain) ?? [];
    return otherNames && Object.hasOwn(otherNames, module) ? otherNames[module] + kind : plain;
  }

  /** As these files write a plain name. */
  full(name: string): string {
    const ofHead = this.places.get(name)?.some(({ shape }) => /^(score|head)\./.test(shape.name));
    return this.#prefix + (ofHead || name === this.#lmHead ? '' : this.#bodyPrefix) + name;
  }

  /** Whether a plain name is one of a buffer, or of a weight that is there under another name. */
  ignores(name: string): boolean {
    const { blocks, ignored, ignoredInBlock } = this.#names;
    if (this.places.has(name)) return false;
    const [, block, layer, rest] = /^(.+?)\.(0|[1-9]\d{0,3})\.(.+)$/.exec(name) ?? [];
    if (block === blocks) return Number(layer) < this.#config.nLayer && ignoredInBlock.includes(rest);
    return ignored.includes(name) || (name === this.#lmHead && this.#config.tiedHead);
  }
}

/**
 * What stands before all names. Before those of the body, the body's own name may follow, which can look like a wrapper's;
 * where all names have it, it is the body's.
 */
function commonPrefix(names: readonly string[], body: string, [first]: readonly WeightFile[]): string {
  const prefixOf = (name: string): string => (wrappers.exec(name) as RegExpExecArray)[0];
  const found = [...new Set(names.map(prefixOf))].sort((a, b) => a.length - b.length);
  const [shortest = '', ...longer] = found;
  const prefix = longer.length === 0 && shortest.endsWith(body) ? shortest.slice(0, -body.length) : shortest;
  const other = longer.find((each) => each !== prefix + body);
  if (other === undefined) return prefix;
  const [one, another] = [shortest, other].map((begin) =>
    names.find((name) => prefixOf(name) === begin)?.slice(0, 100),
  );
  throw new GptletError(
    'BAD_CHECKPOINT',
    `${first.file.location}: '${one}' and '${another}' do not begin alike. Save all tensors under '${prefix || other}', or none.`,
  );
}
