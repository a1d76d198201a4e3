import { GptletError } from '../errors/gptlet-error.ts';
import type { HeadConfig, ModelConfig } from '../model/config.ts';
import type { ModelFamily } from '../model/families/model-family.ts';
import { type WeightShape, weightShapes } from '../model/weight-shapes.ts';
import type { WeightFile } from './weight-file.ts';

/** Where the tensor of a name belongs: a weight, or one of the equal parts that make it. */
export interface Place {
  readonly shape: WeightShape;
  readonly third: number;
  readonly thirds: number;
}

/** Where the checkpoint has the linear layer of a head. */
const headModules: Readonly<Record<HeadConfig['kind'], string>> = {
  'sequence-classification': 'score',
  'token-classification': 'classifier',
  'multiple-choice': 'multiple_choice_head.summary',
};

/** What wrappers put before every name: data-parallel training, torch.compile, a module that holds the model. */
const wrappers = /^(?:(?:module|_orig_mod|model)\.)*/;
const body = 'transformer.';

/** What the files of a checkpoint call its weights. Plain names are the family's, without prefixes. */
export class FileNaming {
  /** By plain name. */
  readonly places: ReadonlyMap<string, Place>;
  readonly #config: ModelConfig;
  readonly #family: ModelFamily;
  /** What stands before every name, and before those that are not of a head. */
  readonly #prefix: string;
  readonly #bodyPrefix: string;

  /** @throws GptletError BAD_CHECKPOINT where some names have a prefix that others lack */
  constructor(config: ModelConfig, family: ModelFamily, files: readonly WeightFile[]) {
    this.#config = config;
    this.#family = family;
    const names = files.flatMap(({ tensors }) => tensors.map(({ name }) => name));
    this.#prefix = commonPrefix(names, files);
    this.#bodyPrefix = names.some((name) => name.startsWith(this.#prefix + body)) ? body : '';
    const places = new Map<string, Place>();
    for (const shape of weightShapes(config)) {
      const plain = plainNames(shape.name, config, family);
      for (const [third, name] of plain.entries()) places.set(name, { shape, third, thirds: plain.length });
    }
    // Of a pair that is one weight either name will do.
    const [embedding] = plainNames('tokenEmbedding', config, family);
    const held = new Set(names.map((name) => this.plain(name)));
    const hasLmHead = !config.head || config.head.kind === 'multiple-choice';
    if (config.tiedHead && hasLmHead && held.has(lmHead) && !held.has(embedding)) {
      places.set(lmHead, places.get(embedding) as Place);
      places.delete(embedding);
    }
    this.places = places;
  }

  plain(name: string): string {
    const inner = name.slice(this.#prefix.length);
    return inner.startsWith(body) ? inner.slice(body.length) : inner;
  }

  /** As these files write a plain name. */
  full(name: string): string {
    const place = this.places.get(name);
    const isHead = name === lmHead || place?.shape.name.startsWith('score.');
    return this.#prefix + (isHead ? '' : this.#bodyPrefix) + name;
  }

  /** Whether a plain name is one of a buffer, or of a weight that is there under another name. */
  ignores(name: string): boolean {
    const { ignored, ignoredInBlock } = this.#family.tensorNames;
    if (this.places.has(name)) return false;
    const [, layer, rest] = /^h\.(0|[1-9]\d{0,3})\.(.+)$/.exec(name) ?? [];
    if (layer !== undefined) return Number(layer) < this.#config.nLayer && ignoredInBlock.includes(rest);
    return ignored.includes(name) || (name === lmHead && this.#config.tiedHead);
  }
}

const lmHead = 'lm_head.weight';

function commonPrefix(names: readonly string[], [first]: readonly WeightFile[]): string {
  const prefixOf = (name = ''): string => (wrappers.exec(name) as RegExpExecArray)[0];
  const prefix = prefixOf(names[0]);
  const other = names.find((name) => prefixOf(name) !== prefix);
  if (other === undefined) return prefix;
  throw new GptletError(
    'BAD_CHECKPOINT',
    `${first.file.location}: '${names[0].slice(0, 100)}' and '${other.slice(0, 100)}' do not begin alike. Save all tensors under '${prefix || prefixOf(other)}', or none.`,
  );
}

function plainNames(name: string, { head }: ModelConfig, { tensorNames }: ModelFamily): string[] {
  const [, block = '', module, kind = 'weight'] = /^(blocks\.\d+\.)?(.+?)(?:\.(weight|bias))?$/.exec(
    name,
  ) as RegExpExecArray;
  const modules =
    module === 'head' ? 'lm_head' : module === 'score' && head ? headModules[head.kind] : tensorNames.modules[module];
  return [modules].flat().map((file) => `${block.replace('blocks', 'h')}${file}.${kind}`);
}
