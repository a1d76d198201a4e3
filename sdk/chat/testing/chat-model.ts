import { headerFor, safetensors } from '../../checkpoint/testing/tiny-checkpoint.ts';
import { seededRandom } from '../../platform/seeded-random.ts';

/** Tokens beside the 256 bytes; the template's roles are special, calls and thoughts are not, as with Qwen3. */
const specials = ['<|endoftext|>', '<|im_start|>', '<|im_end|>'];
const added = ['<think>', '</think>', '<tool_call>', '</tool_call>', '<tool_response>', '</tool_response>'];

/** ChatML with tools in the notation of Hermes, and a switch for thinking. */
export const chatTemplate = `{%- if tools %}
{{- '<|im_start|>system\\n' }}
{%- if messages[0].role == 'system' %}{{- messages[0].content + '\\n\\n' }}{%- endif %}
{{- '<tools>' }}
{%- for tool in tools %}{{- '\\n' + tool | tojson }}{%- endfor %}
{{- '\\n</tools> Calls: <tool_call>\\n{"name": "…", "arguments": {}}\\n</tool_call><|im_end|>\\n' }}
{%- endif %}
{%- for message in messages %}
{%- if message.role == 'tool' %}
{{- '<|im_start|>user\\n<tool_response>\\n' + message.content + '\\n</tool_response><|im_end|>\\n' }}
{%- elif message.role != 'system' or not tools %}
{{- '<|im_start|>' + message.role + '\\n' + message.content }}
{%- for call in message.tool_calls or [] %}
{{- '<tool_call>\\n{"name": "' + call.function.name + '", "arguments": ' + (call.function.arguments | tojson) + '}\\n</tool_call>' }}
{%- endfor %}
{{- '<|im_end|>\\n' }}
{%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
{{- '<|im_start|>assistant\\n' }}
{%- if enable_thinking is defined and enable_thinking is false %}{{- '<think>\\n\\n</think>\\n\\n' }}{%- endif %}
{%- endif %}`;

/**
 * The files of a model that can chat in form, not in content: a Llama of two layers with seeded weights and a vocabulary of bytes.
 *
 * @param change of tokenizer_config.json, such as another `chat_template`
 */
export function chatModelFiles(
  change: Record<string, unknown> = {},
  seed = 1,
): Record<string, Uint8Array<ArrayBuffer>> {
  const [hidden, inner, layers, heads, keyHeads] = [64, 96, 2, 4, 2];
  const head = hidden / heads;
  const tokens = [...specials, ...added];
  const vocabulary = 256 + tokens.length;
  const block = (layer: number): [string, number[]][] => {
    const at = `model.layers.${layer}.`;
    return [
      [`${at}input_layernorm.weight`, [hidden]],
      [`${at}self_attn.q_proj.weight`, [hidden, hidden]],
      [`${at}self_attn.k_proj.weight`, [keyHeads * head, hidden]],
      [`${at}self_attn.v_proj.weight`, [keyHeads * head, hidden]],
      [`${at}self_attn.o_proj.weight`, [hidden, hidden]],
      [`${at}post_attention_layernorm.weight`, [hidden]],
      [`${at}mlp.gate_proj.weight`, [inner, hidden]],
      [`${at}mlp.up_proj.weight`, [inner, hidden]],
      [`${at}mlp.down_proj.weight`, [hidden, inner]],
    ];
  };
  const shapes: [string, number[]][] = [
    ['model.embed_tokens.weight', [vocabulary, hidden]],
    ...Array.from({ length: layers }, (_, layer) => block(layer)).flat(),
    ['model.norm.weight', [hidden]],
  ];
  const config = {
    model_type: 'llama',
    architectures: ['LlamaForCausalLM'],
    hidden_size: hidden,
    intermediate_size: inner,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: keyHeads,
    vocab_size: vocabulary,
    max_position_embeddings: 4096,
    rms_norm_eps: 1e-5,
    rope_theta: 10_000,
    tie_word_embeddings: true,
    bos_token_id: 256,
    eos_token_id: 258,
  };
  const letters = byteLetters();
  const tokenizer = {
    version: '1.0',
    added_tokens: tokens.map((content, i) => ({
      id: 256 + i,
      content,
      special: specials.includes(content),
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
    })),
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: { type: 'BPE', vocab: Object.fromEntries(letters.map((letter, byte) => [letter, byte])), merges: [] },
  };
  const json = (value: unknown): Uint8Array<ArrayBuffer> => new TextEncoder().encode(JSON.stringify(value));
  return {
    'config.json': json(config),
    'tokenizer.json': json(tokenizer),
    'tokenizer_config.json': json({
      bos_token: '<|endoftext|>',
      eos_token: '<|im_end|>',
      chat_template: chatTemplate,
      ...change,
    }),
    'model.safetensors': withRandomValues(shapes, seed),
  };
}

function withRandomValues(shapes: [string, number[]][], seed: number): Uint8Array<ArrayBuffer> {
  const file = safetensors(headerFor(shapes));
  const begin = 8 + Number(new DataView(file.buffer).getBigUint64(0, true));
  const random = seededRandom(seed);
  // A header's length leaves the values unaligned: they are set one by one.
  const view = new DataView(file.buffer, begin);
  let at = 0;
  for (const [name, shape] of shapes) {
    const count = shape.reduce((product, size) => product * size, 1);
    const isNorm = name.includes('norm');
    for (let i = 0; i < count; i++, at += 4) view.setFloat32(at, isNorm ? 1 : (random() - 0.5) * 0.4, true);
  }
  return file;
}

/** The letters that byte-level vocabularies write the 256 bytes with (GPT-2). */
function byteLetters(): string[] {
  const shown = (byte: number): boolean =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(shown(byte) ? byte : next++));
}
