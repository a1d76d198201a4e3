import { GptletError } from '../../errors/gptlet-error.ts';
import type { ModelConfig } from '../config.ts';
import { ConfigFields } from './config-fields.ts';
import { gpt } from './gpt.ts';
import { gptNeo } from './gpt-neo.ts';
import { gpt2 } from './gpt2.ts';
import { acceptHarmless } from './harmless-keys.ts';
import { readHead } from './head-config.ts';
import type { FamilyFiles, ModelFamily } from './model-family.ts';

/** A config.json understood: the model it describes, and what its files call the tensors. Plain data. */
export interface ReadConfig {
  readonly config: ModelConfig;
  readonly family: FamilyFiles;
}

/** A parsed config.json. */
export type RawConfig = Readonly<Record<string, unknown>>;

/** The families of the GPT papers, whose readers every page has; the others are in later-families.ts. */
export const paperFamilies: readonly ModelFamily[] = [gpt2, gpt, gptNeo];

/**
 * Turns a config.json of GPT, GPT-2 or GPT-Neo into the description that engines run.
 *
 * @returns undefined for other models, which `readLaterConfig` knows
 * @throws GptletError UNSUPPORTED_MODEL for an activation, head or flag that gptlet does not compute;
 *   BAD_CHECKPOINT for values that are missing or make no sense.
 */
export function readConfig(raw: RawConfig): ReadConfig | undefined {
  const family = paperFamilies.find(({ modelType }) => modelType === raw['model_type']);
  return family && readFamilyConfig(raw, family);
}

/** Reads a config.json as that of a family. @throws as {@link readConfig} does */
export function readFamilyConfig(raw: RawConfig, family: ModelFamily): ReadConfig {
  const { architecture, modelType } = family;
  const fields = new ConfigFields(raw);
  fields.string('model_type', '');
  const body = family.readConfig(fields);
  const head = readHead(fields, family);
  acceptHarmless(fields, family.harmless);
  const unknown = fields.notUnderstood();
  if (unknown.length > 0) {
    throw new GptletError(
      'UNSUPPORTED_MODEL',
      `config.json sets ${unknown
        .slice(0, 5)
        .map((name) => `${name} = ${JSON.stringify(raw[name])?.slice(0, 60)}`)
        .join(', ')}, which gptlet does not know and ` +
        'which may change the result. If it does not, remove it from config.json.',
    );
  }
  // A classifier's checkpoint has no language-model head; its embedding stands in, so that generation is possible.
  const headless = head !== undefined && head.kind !== 'multiple-choice';
  const config: ModelConfig = {
    ...body,
    architecture,
    tiedHead: body.tiedHead || headless,
    biases: headless ? body.biases.filter((linear) => linear !== 'head') : body.biases,
    ...(head && { head }),
  };
  const tensorNames = { ...family.tensorNames, ...(family.rowRuns && { rowRuns: family.rowRuns(body) }) };
  return { config, family: { modelType, tensorNames } };
}
