import type { Architecture } from '../config.ts';

/** By what the hub knows each family: `model_type`, and what its class names begin with. */
export const hubClasses: { readonly [A in Architecture]: readonly [modelType: string, classPrefix: string] } = {
  gpt: ['openai-gpt', 'OpenAIGPT'],
  gpt2: ['gpt2', 'GPT2'],
  'gpt-neo': ['gpt_neo', 'GPTNeo'],
  'gpt-j': ['gptj', 'GPTJ'],
  'gpt-neox': ['gpt_neox', 'GPTNeoX'],
  starcoder2: ['starcoder2', 'Starcoder2'],
  llama: ['llama', 'Llama'],
  mistral: ['mistral', 'Mistral'],
  smollm3: ['smollm3', 'SmolLM3'],
  qwen2: ['qwen2', 'Qwen2'],
  qwen3: ['qwen3', 'Qwen3'],
  gemma: ['gemma', 'Gemma'],
  gemma2: ['gemma2', 'Gemma2'],
  gemma3: ['gemma3_text', 'Gemma3Text'],
  olmo2: ['olmo2', 'Olmo2'],
  phi3: ['phi3', 'Phi3'],
  lfm2: ['lfm2', 'Lfm2'],
};

/** The hub's class of a language model; the first two families' has a name of its own. */
export const languageModelClass = (architecture: Architecture): string =>
  hubClasses[architecture][1] + (architecture === 'gpt' || architecture === 'gpt2' ? 'LMHeadModel' : 'ForCausalLM');
