import { GptletError } from '../../api/errors.ts';
import type { ConfigFields } from './config-fields.ts';

/** Keys that do not change what a forward pass computes: training, saving, generating, naming. */
const harmless =
  'n_ctx gradient_checkpointing initializer_range n_special predict_special_tokens output_past use_cache return_dict output_hidden_states ' +
  'output_attentions output_scores return_dict_in_generate torchscript torch_dtype dtype use_bfloat16 tf_legacy_loss is_decoder tie_encoder_decoder ' +
  'summary_type summary_use_proj summary_activation summary_first_dropout summary_proj_to_labels label2id num_labels finetuning_task tokenizer_class ' +
  'prefix sep_token_id decoder_start_token_id task_specific_params transformers_version max_length min_length max_new_tokens do_sample early_stopping num_beams ' +
  'num_beam_groups diversity_penalty temperature top_k top_p typical_p repetition_penalty length_penalty no_repeat_ngram_size ' +
  'encoder_no_repeat_ngram_size bad_words_ids num_return_sequences chunk_size_feed_forward forced_bos_token_id forced_eos_token_id ' +
  'remove_invalid_values exponential_decay_length_penalty suppress_tokens begin_suppress_tokens attn_implementation ' +
  'attention_probs_dropout_prob problem_type name model_name license language transformers.js_config unk_token_id gptlet';

/** Whole kinds of keys that mean nothing here: dropouts, private notes, versions. */
const harmlessKind = /dropout|pdrop$|^_|version$/;

/** Values that would change the computation, and the only ones that leave it as it is. */
const needed: Readonly<Record<string, (value: unknown) => boolean>> = {
  is_encoder_decoder: (value) => value === false,
  add_cross_attention: (value) => value === false,
  cross_attention_hidden_size: () => false,
  pruned_heads: (value) => typeof value === 'object' && Object.keys(value as object).length === 0,
  quantization_config: () => false,
  auto_map: () => false,
};

/**
 * Marks the keys that change nothing as understood.
 *
 * @throws GptletError UNSUPPORTED_MODEL for a known key whose value gptlet does not compute.
 */
export function acceptHarmless(fields: ConfigFields): void {
  for (const name of Object.keys(fields.raw)) {
    const allows = Object.hasOwn(needed, name) ? needed[name] : undefined;
    if (allows) {
      const value = fields.value(name);
      if (value !== undefined && !allows(value)) {
        throw new GptletError(
          'UNSUPPORTED_MODEL',
          `config.json: ${name} is ${JSON.stringify(value)?.slice(0, 100)}, which gptlet does not compute. It runs plain decoders only.`,
        );
      }
    } else if (harmlessKind.test(name) || harmless.split(' ').includes(name)) {
      fields.value(name);
    }
  }
}
