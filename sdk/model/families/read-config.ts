import { GptletError } from '../../errors/gptlet-error.ts';
import type { ModelConfig } from '../config.ts';
import { badConfig, unsupported } from './config-error.ts';
import { ConfigFields } from './config-fields.ts';
import { gpt } from './gpt.ts';
import { gptNeo } from './gpt-neo.ts';
import { gpt2 } from './gpt2.ts';
import { acceptHarmless } from './harmless-keys.ts';
import { readHead } from './head-config.ts';
import type { ModelFamily } from './model-family.ts';

/** A config.json understood: the model it describes, and the family that knows its tensor names. */
export interface ReadConfig {
  readonly config: ModelConfig;
  readonly family: ModelFamily;
}

/**
 * Turns a parsed config.json into the description that engines run.
 *
 * @throws GptletError UNSUPPORTED_MODEL for a model, activation, head or flag that gptlet does not compute;
 *   BAD_CHECKPOINT for values that are missing or make no sense.
 */
export function readConfig(raw: Readonly<Record<string, unknown>>): ReadConfig {
  const families = [gpt2, gpt, gptNeo];
  const family = families.find(({ modelType }) => modelType === raw['model_type']);
  if (!family) {
    throw unsupported(
      `model_type is ${JSON.stringify(raw['model_type'])?.slice(0, 100) ?? 'absent'}; gptlet runs ${families.map(({ modelType }) => `'${modelType}'`).join(', ')}.`,
    );
  }
  const fields = new ConfigFields(raw);
  fields.string('model_type', '');
  const body = family.readConfig(fields);
  if (body.nEmbd % body.nHead !== 0) {
    throw badConfig(`the width ${body.nEmbd} is not divisible by the ${body.nHead} attention heads.`);
  }
  const head = readHead(fields, family.classPrefix);
  acceptHarmless(fields);
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
  const tiedHead = body.tiedHead || (head !== undefined && head.kind !== 'multiple-choice');
  return { config: { ...body, architecture: family.architecture, tiedHead, ...(head && { head }) }, family };
}
