import { unsupported } from './config-error.ts';
import type { ConfigFields } from './config-fields.ts';

/** Keys that do not change what a forward pass computes: training, saving, generating, naming. */
const harmless =
  'n_ctx gradient_checkpointing initializer_range n_special predict_special_tokens output_past use_cache output_hidden_states ' +
  'output_attentions output_scores dtype use_bfloat16 tf_legacy_loss is_decoder tie_encoder_decoder label2id num_labels ' +
  'finetuning_task tokenizer_class prefix task_specific_params max_length min_length max_new_tokens do_sample early_stopping ' +
  'temperature top_k top_p typical_p bad_words_ids num_return_sequences chunk_size_feed_forward remove_invalid_values ' +
  'attn_implementation problem_type name model_name license language transformers.js_config gptlet';

/** Whole kinds of keys that mean nothing here: dropouts, private notes, versions, ids of tokens, generating, a second head's form (which readHead checks). */
const harmlessKind =
  /dropout|pdrop$|^_|version$|_(penalty|ngram_size|token_id|suppress_tokens)$|^(summary|torch|return_dict|num_beam|suppress_tokens)/;

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
 * @param more keys that change nothing in the model's family
 * @throws GptletError UNSUPPORTED_MODEL for a known key whose value gptlet does not compute.
 */
export function acceptHarmless(fields: ConfigFields, more: readonly string[] = []): void {
  for (const name of fields.notUnderstood()) {
    const allows = Object.hasOwn(needed, name) ? needed[name] : undefined;
    if (allows) {
      const value = fields.value(name);
      if (value !== undefined && !allows(value)) {
        throw unsupported(
          `${name} is ${JSON.stringify(value)?.slice(0, 100)}, which gptlet does not compute. It runs plain decoders only.`,
        );
      }
    } else if (harmlessKind.test(name) || harmless.split(' ').includes(name) || more.includes(name)) {
      fields.value(name);
    }
  }
}
