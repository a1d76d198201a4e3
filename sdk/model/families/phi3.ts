import type { RotaryConfig } from '../config.ts';
import { unsupported } from './config-error.ts';
import type { ConfigFields } from './config-fields.ts';
import { readDecoder } from './decoder-fields.ts';
import { decoderClasses, decoderTensors } from './decoder-tensors.ts';
import { positiveNumber, readWindow, requireValue } from './later-fields.ts';
import type { FamilyConfig, ModelFamily } from './model-family.ts';
import { type RotaryContext, readObject, readRotary } from './rotary-fields.ts';

/** Phi-3, Phi-3.5 and Phi-4, of which each matrix that reads the stream is one in the file, too. */
export const phi3: ModelFamily = {
  architecture: 'phi3',
  modelType: 'phi3',
  classPrefixes: ['Phi3'],
  classes: decoderClasses,
  tensorNames: {
    ...decoderTensors,
    modules: { ...decoderTensors.modules, 'attention.qkv': 'self_attn.qkv_proj', 'mlp.up': 'mlp.gate_up_proj' },
  },
  readConfig(fields: ConfigFields): FamilyConfig {
    acceptOwnCode(fields);
    const decoder = readDecoder(fields, {
      epsilon: 1e-5,
      tiedHead: false,
      ropeBase: 10_000,
      bos: 1,
      eos: 32_000,
      pad: 32_000,
      readRotary: readPhiRotary,
    });
    const window = readWindow(fields, 0, decoder.nCtx);
    // Phi-4's config has keys of features that it does not use.
    for (const name of ['attention_bias', 'mlp_bias', 'lm_head_bias']) requireValue(fields, name, false);
    for (const name of ['full_attn_mod', 'interpolate_factor']) requireValue(fields, name, 1);
    return { ...decoder, attentionWindow: decoder.attentionWindow.map(() => window) };
  },
};

/** "su" and "yarn" are what the first configs called LongRoPE. */
function readPhiRotary(fields: ConfigFields, context: RotaryContext): RotaryConfig {
  const share = positiveNumber(fields, 'partial_rotary_factor', 1);
  const originalContext = fields.optionalCount(['original_max_position_embeddings'], 'tokens') ?? 4096;
  return readRotary(fields, { ...context, share, originalContext, kindNames: { su: 'longrope', yarn: 'longrope' } });
}

/** The hub's classes were code beside the weights at first, and `auto_map` still names it. Other code may compute otherwise. */
function acceptOwnCode(fields: ConfigFields): void {
  for (const [key, code] of Object.entries(readObject(fields, 'auto_map') ?? {})) {
    if (!/^Auto(Config|Model\w*)$/.test(key) || /\b(configuration|modeling)_phi3\.Phi3\w+$/.test(String(code)))
      continue;
    throw unsupported(
      `auto_map has ${key} loaded from ${JSON.stringify(code)?.slice(0, 100)}, which gptlet does not run.`,
    );
  }
}
