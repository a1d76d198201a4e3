import { GptletError } from '../errors/gptlet-error.ts';
import { invalid } from '../errors/invalid.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { callsOfModels } from './calls-of-models.ts';
import type { DraftModel } from './draft-model.ts';
import type { ModelCalls } from './model-calls.ts';

/** Pairs of tokenizers that were compared, which takes some milliseconds. */
const compared = /* @__PURE__ */ new WeakMap<Tokenizer, WeakSet<Tokenizer>>();

/**
 * A port to a model that drafts for another one.
 *
 * @throws GptletError INVALID_OPTION for a model that cannot, DISPOSED
 */
export async function connectDraft(
  calls: ModelCalls,
  given: DraftModel | string,
  load: (id: string) => Promise<ModelCalls>,
): Promise<MessagePort> {
  const callsOf = typeof given === 'string' ? undefined : callsOfModels.get(given);
  if (typeof given !== 'string' && !callsOf)
    throw invalid('draft', given, "'prompt', a model of loadModel() or a hub id");
  const draft = callsOf ? callsOf() : await load(given as string);
  if (draft === calls)
    throw new GptletError('INVALID_OPTION', "draft is the model itself; give a smaller one, or 'prompt'.");
  const difference = differenceOf(calls, draft);
  if (difference) {
    throw new GptletError(
      'INVALID_OPTION',
      `draft has another tokenizer: ${difference}. A model can draft for one with the same tokens only; give another of its family, or 'prompt'.`,
    );
  }
  const { port1, port2 } = new MessageChannel();
  draft.serveDrafts(port2);
  return port1;
}

/** What tells two models' tokens apart, if anything does. */
function differenceOf(ours: ModelCalls, theirs: ModelCalls): string | undefined {
  const [a, b] = [ours.tokenizer, theirs.tokenizer];
  if (!a || !b) {
    if (a || b) return `${a ? 'it' : 'this model'} has none`;
    const [rows, others] = [ours.config.vocabSize, theirs.config.vocabSize];
    return rows === others ? undefined : `${others} tokens instead of ${rows}`;
  }
  if (a === b || compared.get(a)?.has(b)) return undefined;
  const difference = tokenizerDifference(a, b);
  if (!difference) compared.set(a, (compared.get(a) ?? new WeakSet()).add(b));
  return difference;
}

/** What a text is cut into shows merges and how words are told apart; it has words, numbers, code, several scripts and blanks. */
const sample =
  "Don't they say: the 12,345th un-believable word?\n\tif (x >= 10 && y != 'z') { return x ** 2; }\r\n  Größe naïve Ελλάδα Москва 東京 서울 مرحبا \u{1F600}\u{1F468}\u200D\u{1F469}   END";

function tokenizerDifference(a: Tokenizer, b: Tokenizer): string | undefined {
  if (a.vocabSize !== b.vocabSize) return `${b.vocabSize} tokens instead of ${a.vocabSize}`;
  const ids = Uint32Array.from({ length: a.vocabSize }, (_, id) => id);
  const [bytes, others] = [a.decodeBytes(ids), b.decodeBytes(ids)];
  if (bytes.length !== others.length || bytes.some((byte, i) => byte !== others[i])) {
    const id = ids.find((one) => a.decode([one]) !== b.decode([one]));
    return id === undefined
      ? 'its tokens are other texts'
      : `token ${id} is ${JSON.stringify(b.decode([id]))} instead of ${JSON.stringify(a.decode([id]))}`;
  }
  const [cut, otherCut] = [a.encode(sample), b.encode(sample)];
  const at = cut.findIndex((id, i) => id !== otherCut[i]);
  if (at >= 0 || cut.length !== otherCut.length) return 'it cuts texts into other tokens';
  for (const [text, id] of a.specialTokens)
    if (b.specialTokens.get(text) !== id)
      return `${JSON.stringify(text)} is ${b.specialTokens.get(text) ?? 'none'} instead of ${id}`;
  return undefined;
}
