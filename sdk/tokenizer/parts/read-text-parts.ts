import { asObject } from '../parse-json.ts';
import type { Split, TokenizerPlan } from '../tokenizer-definition.ts';
import type { Json, TokenizerParts } from '../tokenizer-parts.ts';
import { readNormalizer } from './read-normalizer.ts';
import { readSplits } from './read-pre-tokenizer.ts';
import { type PlacedStep, refuse, stepsOf } from './refuse.ts';
import { BYTE_FALLBACK, CUT_BLANKS, FUSE_UNKNOWN, TEXT } from './spelling.ts';

/** What SentencePiece vocabularies have for a blank. */
const mark = '\u2581';

type TextPlan = Omit<TokenizerPlan, 'template'>;

/** Whether a decoder takes tokens for texts with marks for blanks, not for bytes. */
export function isOfTexts(decoder: unknown): boolean {
  return stepsOf(decoder, 'decoder', 'decoders').some(({ step }) =>
    ['Replace', 'ByteFallback'].includes(step.type as string),
  );
}

/** Parts of a tokenizer like SentencePiece's: BPE over the characters of a text, with a mark for each blank. */
export function readTextParts({ model, normalizer, pre_tokenizer: preTokenizer, decoder }: TokenizerParts): TextPlan {
  const steps = readNormalizer(normalizer);
  const last = steps.at(-1);
  const noBlanks = typeof last === 'object' && last.source === '\\x20' && last.content === mark;
  const { splits, addPrefixSpace, cutsBlanks } = readCuts(preTokenizer, noBlanks);
  const flags = [
    [model.byte_fallback, BYTE_FALLBACK],
    [model.fuse_unk, FUSE_UNKNOWN],
    [cutsBlanks, CUT_BLANKS],
  ] as const;
  return {
    kind: 'sentencepiece',
    addPrefixSpace,
    splits,
    normalization: splits.length > 0 || !noBlanks ? steps : [...steps.slice(0, -1), { ...last, marksBlanks: true }],
    spelling: flags.reduce((sum, [on, flag]) => sum + (on ? flag : 0), TEXT),
    stripsStart: readDecoder(decoder, Boolean(model.byte_fallback)),
  };
}

function readCuts(
  preTokenizer: unknown,
  noBlanks: boolean,
): Pick<TokenizerPlan, 'splits' | 'addPrefixSpace'> & { cutsBlanks: boolean } {
  const steps = stepsOf(preTokenizer, 'pre_tokenizer', 'pretokenizers');
  const [first] = steps;
  if (first?.step.type === 'Metaspace' && steps.length === 1)
    return { splits: [], addPrefixSpace: readPrefix(first), cutsBlanks: first.step.split !== false };
  // What looks for blanks finds none.
  const useful = steps.filter(
    ({ step }) =>
      !(noBlanks && step.type === 'Split' && step.invert !== true && asObject(step.pattern)?.String === ' '),
  );
  const splits: Split[] = readSplits(useful, 'Metaspace alone');
  return { splits, addPrefixSpace: false, cutsBlanks: false };
}

function readPrefix({ path, step }: PlacedStep): TokenizerPlan['addPrefixSpace'] {
  if (step.replacement !== mark) refuse(`${path}.replacement`, step.replacement, JSON.stringify(mark));
  const scheme = step.prepend_scheme ?? (step.add_prefix_space === false ? 'never' : 'always');
  if (scheme === 'never' || scheme === 'always') return scheme === 'always';
  return scheme === 'first' ? scheme : refuse(`${path}.prepend_scheme`, scheme, '"always", "first" and "never"');
}

/** Gives whether one blank at the start is taken away. */
function readDecoder(value: unknown, byteFallback: boolean): boolean {
  const known =
    'Replace of "\u2581" by " ", ByteFallback where the model has it, Fuse, and Strip of one " " at the start';
  const steps = stepsOf(value, 'decoder', 'decoders');
  const expected: Record<string, (step: Json) => boolean> = {
    Replace: ({ pattern, content }) => asObject(pattern)?.String === mark && content === ' ',
    ByteFallback: () => byteFallback,
    Fuse: () => true,
    Strip: ({ content, start, stop }) => content === ' ' && (start === 0 || start === 1) && !stop,
  };
  const order = Object.keys(expected);
  let last = -1;
  for (const { path, step } of steps) {
    const place = order.indexOf(step.type as string);
    // Strip is of the whole text, which Fuse makes.
    if (place <= last || !expected[order[place]](step) || (place === 3 && last !== 2)) refuse(path, step, known);
    last = place;
  }
  const types = steps.map(({ step }) => step.type);
  if (!types.includes('Replace') || types.includes('ByteFallback') !== byteFallback) refuse('decoder', value, known);
  return steps.some(({ step }) => step.type === 'Strip' && step.start === 1);
}
