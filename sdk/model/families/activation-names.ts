import type { Activation } from '../config.ts';
import { unsupported } from './config-error.ts';

// The hub's names. Three of them name the tanh approximation: the formulas are equal up to rounding.
const hubActivations: ReadonlyMap<string, Activation> = /* @__PURE__ */ new Map<string, Activation>([
  ['gelu', 'gelu'],
  ['gelu_python', 'gelu'],
  ['gelu_new', 'gelu_new'],
  ['gelu_fast', 'gelu_new'],
  ['gelu_pytorch_tanh', 'gelu_new'],
  ['relu', 'relu'],
  ['silu', 'silu'],
  ['swish', 'silu'],
  ['tanh', 'tanh'],
]);

// GPT (2018) has its own list, in which `gelu` is the tanh approximation.
const gptActivations: ReadonlyMap<string, Activation> = /* @__PURE__ */ new Map<string, Activation>([
  ['gelu', 'gelu_new'],
  ['relu', 'relu'],
  ['silu', 'silu'],
  ['swish', 'silu'],
]);

/** @throws GptletError UNSUPPORTED_MODEL for a name that gptlet has no formula for. */
export const hubActivation = (key: string, name: string): Activation => look(hubActivations, key, name);

/** As {@link hubActivation}, for openai-gpt's `afn`. */
export const gptActivation = (key: string, name: string): Activation => look(gptActivations, key, name);

function look(names: ReadonlyMap<string, Activation>, key: string, name: string): Activation {
  const activation = names.get(name);
  if (activation) return activation;
  throw unsupported(`${key} is '${name}', which gptlet does not compute. It knows ${[...names.keys()].join(', ')}.`);
}
