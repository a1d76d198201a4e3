import type { GenerateOptions } from '../../loaded-model/generate-options.ts';
import { createGeneration, type Generation } from '../../loaded-model/generation.ts';
import type { GptModel, Prompt } from '../../loaded-model/gpt-model.ts';

/**
 * A model that says what it is told to, a token after the other, within what `generate` is asked for: stop texts, a number of
 * tokens, one of some choices, JSON. Its tokenizer and template are another's.
 *
 * @param answers what it says in a row; of each, what stands behind the prompt's last turn already is not said again
 */
export function scriptedModel(model: GptModel, answers: readonly string[], turn = '<|im_start|>assistant\n'): GptModel {
  const { tokenizer } = model;
  const prompts = new Set<string>();
  const generate = (prompt: Prompt, options: GenerateOptions = {}): Generation =>
    createGeneration(() => ({
      signal: options.signal,
      run: async (onPart) => {
        const text = tokenizer.decode(prompt as Uint32Array);
        const at = text.lastIndexOf(turn) + turn.length;
        prompts.add(text.slice(0, at));
        const answer = answers[prompts.size - 1] ?? '';
        const said = text.slice(at);
        const left = answer.startsWith(said) ? answer.slice(said.length) : '';
        const ids = tokenizer.encode(withForm(left, options), { allowSpecial: true, addSpecial: false });
        let whole = '';
        let count = 0;
        let stopText: string | undefined;
        while (count < Math.min(ids.length, options.maxNewTokens ?? 1e9) && stopText === undefined) {
          whole = tokenizer.decode(ids.subarray(0, ++count));
          stopText = (options.stop ?? []).find((stop) => whole.includes(stop));
        }
        const shown = stopText === undefined ? whole : whole.slice(0, whole.indexOf(stopText));
        onPart({ text: shown, tokenIds: [...ids.subarray(0, count)] });
        return {
          text: shown,
          tokenIds: [...ids.subarray(0, count)],
          finishReason: stopText === undefined && count < ids.length ? 'length' : 'stop',
          ...(stopText !== undefined && { stopText }),
          usage: { promptTokens: prompt.length, cachedTokens: 0, generatedTokens: count },
          timings: { prefillMs: 1, decodeMs: 1, tokensPerSecond: count * 1000 },
        };
      },
    }));
  // What the class gives by getters, a copy would not have.
  return new Proxy(model, {
    get: (target, name) => (name === 'generate' ? generate : Reflect.get(target, name, target)),
  });
}

/** The beginning of a text that a constraint lets through. */
function withForm(text: string, { constraint }: GenerateOptions): string {
  if (!constraint) return text;
  if ('choices' in constraint)
    return constraint.choices.find((choice) => text.startsWith(choice)) ?? constraint.choices[0];
  const behind = 'jsonSchema' in constraint && constraint.followedBy?.length ? constraint.followedBy : [''];
  for (let end = 1; end <= text.length; end++) {
    const next = behind.find((each) => text.startsWith(each, end));
    if (!'}]"'.includes(text[end - 1]) || next === undefined) continue;
    try {
      JSON.parse(text.slice(0, end));
      return text.slice(0, end) + next;
    } catch {}
  }
  return `{}${behind[0]}`;
}
