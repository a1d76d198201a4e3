import { GptletError } from '../../errors/gptlet-error.ts';
import { isRecord } from '../json-values.ts';

/** What an adapter_config.json says of its pairs. Paths are those of modules in the hub's class: `transformer.h.0.attn.c_attn`. */
export interface AdapterConfig {
  rankOf(path: string): number;
  /** Factor on b (a x). */
  scaleOf(path: string): number;
  /** Whether a module of block `block` is one of those that it adapts. */
  targets(path: string, block: number): boolean;
}

/** Flags and parts of a configuration that change what is computed, by what they are. */
const unsupportedKeys: Readonly<Record<string, string>> = {
  use_dora: 'DoRA, whose weights are scaled to learnt lengths',
  lora_bias: 'biases on the second factors',
  use_qalora: 'QALoRA, whose inputs are averaged in groups',
  use_bdlora: 'block-diagonal factors',
  layer_replication: 'layers that are repeated',
  trainable_token_indices: 'changed embeddings of some tokens',
  target_parameters: 'changed parameters of experts',
  alora_invocation_tokens: 'pairs that act from an invocation on only',
  arrow_config: 'a choice among several adapters',
  megatron_config: 'layers of Megatron',
};

/** How the first values of a training may be drawn for the model's own weights to stay as they are. */
const harmlessBeginnings: readonly unknown[] = [undefined, null, true, false, 'gaussian', 'eva', 'orthogonal'];

/**
 * Reads an adapter_config.json (PEFT's LoraConfig).
 *
 * @param location of the file, for messages
 * @throws GptletError UNSUPPORTED_MODEL for an adapter of another kind than LoRA's plain one; BAD_CHECKPOINT for values that make no sense
 */
export function readAdapterConfig(raw: Readonly<Record<string, unknown>>, location: string): AdapterConfig {
  const unsupported = (what: string): GptletError =>
    new GptletError(
      'UNSUPPORTED_MODEL',
      `${location}: ${what}. gptlet applies plain LoRA adapters; merge this one into its model with the tool that made it.`,
    );
  const bad = (key: string, value: unknown, must: string): GptletError =>
    new GptletError('BAD_CHECKPOINT', `${location}: ${key} is ${show(value)}; it must ${must}.`);

  if (raw['peft_type'] !== 'LORA') throw unsupported(`peft_type is ${show(raw['peft_type'])}, not "LORA"`);
  for (const [key, what] of Object.entries(unsupportedKeys)) {
    if (isOn(raw[key])) throw unsupported(`${key} asks for ${what}`);
  }
  const flag = Object.keys(raw).find((key) => key.startsWith('use_') && key !== 'use_rslora' && isOn(raw[key]));
  if (flag !== undefined) throw unsupported(`${flag} is ${show(raw[flag])}, which gptlet does not know`);
  if ((raw['bias'] ?? 'none') !== 'none') throw unsupported(`bias is ${show(raw['bias'])}: it changes biases too`);
  const beginning = raw['init_lora_weights'];
  if (!harmlessBeginnings.includes(beginning))
    throw unsupported(`init_lora_weights is ${show(beginning)}: its pairs go with changed weights of the model`);

  const rank = readPattern(
    raw,
    'r',
    'rank_pattern',
    8,
    (value) => Number.isInteger(value) && value >= 1 && value <= 65_536,
    bad,
  );
  const alpha = readPattern(raw, 'lora_alpha', 'alpha_pattern', 8, Number.isFinite, bad);
  const rootOfRank = raw['use_rslora'] === true;
  const targets = readTargets(raw, bad);
  return {
    rankOf: rank,
    scaleOf: (path) => alpha(path) / (rootOfRank ? Math.sqrt(rank(path)) : rank(path)),
    targets,
  };
}

type Bad = (key: string, value: unknown, must: string) => GptletError;

/** A number for all modules, and others for those whose path ends as a key, a regular expression, says. The first that fits counts. */
function readPattern(
  raw: Readonly<Record<string, unknown>>,
  key: string,
  patternKey: string,
  usual: number,
  isValid: (value: number) => boolean,
  bad: Bad,
): (path: string) => number {
  const check = (name: string, value: unknown): number => {
    if (typeof value === 'number' && isValid(value)) return value;
    throw bad(name, value, key === 'r' ? 'be a whole number from 1' : 'be a number');
  };
  const all = check(key, raw[key] ?? usual);
  const given = raw[patternKey] ?? {};
  if (!isRecord(given)) throw bad(patternKey, given, 'be an object');
  const patterns = Object.entries(given).map(
    ([pattern, value]) =>
      [
        pathPattern(pattern, () => bad(patternKey, pattern, 'have simple regular expressions for keys')),
        check(`${patternKey}[${show(pattern)}]`, value),
      ] as const,
  );
  return (path) => patterns.find(([pattern]) => pattern.test(path))?.[1] ?? all;
}

/**
 * `target_modules` and `layers_to_transform`, where those are lists. A regular expression in place of a list is not looked at: the tensors
 * say what it meant.
 */
function readTargets(raw: Readonly<Record<string, unknown>>, bad: Bad): AdapterConfig['targets'] {
  const { target_modules: modules, layers_to_transform: layers } = raw;
  if (modules != null && typeof modules !== 'string' && !isTexts(modules))
    throw bad('target_modules', modules, 'be a list of names or a regular expression');
  const numbers = layers == null ? [] : [layers].flat();
  if (!numbers.every((layer) => Number.isInteger(layer) && (layer as number) >= 0))
    throw bad('layers_to_transform', layers, 'be a list of the numbers of layers');
  return (path, block) => {
    if (numbers.length > 0 && !numbers.includes(block)) return false;
    return !isTexts(modules) || modules.some((name) => `.${path}`.endsWith(`.${name}`));
  };
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

/** Whoever wrote the file must not be able to keep this thread busy for ever: repeated groups, and many repetitions, are refused. */
function pathPattern(pattern: string, bad: () => GptletError): RegExp {
  if (/\)[*+{]/.test(pattern) || (pattern.match(/[*+{]/g) ?? []).length > 3 || pattern.length > 500) throw bad();
  try {
    return new RegExp(`^(?:.*\\.)?(?:${pattern})$`);
  } catch {
    throw bad();
  }
}

/** Whether a value switches something on. */
const isOn = (value: unknown): boolean =>
  value !== undefined &&
  value !== null &&
  value !== false &&
  !(typeof value === 'object' && Object.keys(value).length === 0);

const show = (value: unknown): string => JSON.stringify(value)?.slice(0, 100) ?? 'absent';
