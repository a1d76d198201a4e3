import { asObject } from '../parse-json.ts';
import { kindOfPattern } from '../split-pattern.ts';
import type { Split, TokenizerPlan } from '../tokenizer-definition.ts';
import { compile, patternSource, regexSource } from './read-pattern.ts';
import { type PlacedStep, refuse, stepsOf, textField } from './refuse.ts';
import { literal } from './translate-pattern.ts';

const gpt2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
const punctuation = '[\\p{P}$+<=>\\x5e`\\x7c~]';

/** A pattern's matches joined with what lies before or behind, as behaviours ask: a pattern of which all is kept. */
function joined(source: string, behavior: unknown, invert: boolean): Split | undefined {
  const all = (joinedSource: string): Split => ({ ...compile(joinedSource), keep: 'all' });
  // A source that stands twice has groups of other names the second time.
  const again = source.replaceAll('<p', '<q');
  const before = `[\\s\\S]*?(?:${source})`;
  const behind = `(?:${source})(?:(?!${again})[\\s\\S])*`;
  if (behavior === 'Isolated') return all(source);
  if (behavior === 'Removed') return { ...compile(source), keep: invert ? 'matches' : 'gaps' };
  if (behavior === 'Contiguous') return all(`(?:${source})+`);
  if (behavior === 'MergedWithPrevious') return all(invert ? behind : before);
  if (behavior === 'MergedWithNext') return all(invert ? before : behind);
  return undefined;
}

function split({ path, step }: PlacedStep, source: string, fallback?: string): Split {
  const behavior = step.behavior ?? fallback;
  if (step.invert != null && typeof step.invert !== 'boolean') refuse(`${path}.invert`, step.invert, 'true and false');
  return (
    joined(source, behavior, step.invert === true) ??
    refuse(`${path}.behavior`, behavior, 'Isolated, Removed, Contiguous, MergedWithPrevious and MergedWithNext')
  );
}

/** Type → how it cuts; what is a letter, a digit or a blank is as in the hub's Rust code. */
const readers: Record<string, (placed: PlacedStep) => Split> = {
  Split: (placed) => split(placed, patternSource(placed)),
  Digits: ({ step }) => ({ ...compile(step.individual_digits === true ? '\\p{N}' : '\\p{N}+'), keep: 'all' }),
  Punctuation: (placed) => split(placed, punctuation, 'Isolated'),
  WhitespaceSplit: () => ({ ...compile('\\p{White_Space}+'), keep: 'gaps' }),
  Whitespace: () => ({
    ...compile('[\\p{L}\\p{M}\\p{N}\\p{Pc}]+|[^\\p{L}\\p{M}\\p{N}\\p{Pc}\\p{White_Space}]+'),
    keep: 'matches',
  }),
  CharDelimiterSplit: (placed) => {
    const delimiter = textField(placed, 'delimiter');
    return Array.from(delimiter).length === 1
      ? { ...compile(literal(delimiter)), keep: 'gaps' }
      : refuse(`${placed.path}.delimiter`, delimiter, 'one character');
  },
  FixedLength: ({ path, step: { length } }) =>
    Number.isInteger(length) && (length as number) > 0
      ? { ...compile(`[\\s\\S]{1,${length}}`), keep: 'all' }
      : refuse(`${path}.length`, length, 'a whole number from 1'),
};

const names = Object.keys(readers).join(', ');
const others = 'Sequence, with ByteLevel as the last; and BertPreTokenizer for GPT-1';
const known = `${names} and ${others}`;

/** Steps that cut texts; `besides` is what else may stand there. */
export function readSplits(steps: readonly PlacedStep[], besides: string): Split[] {
  return steps.map((placed) => {
    const type = String(placed.step.type);
    return Object.hasOwn(readers, type)
      ? readers[type](placed)
      : refuse(placed.path, placed.step, `${names} and ${besides}`);
  });
}

/** How a byte-level pre-tokenizer cuts a text: a kind with a scanner, or regular expressions. */
export function readPreTokenizer(value: unknown): Pick<TokenizerPlan, 'kind' | 'addPrefixSpace' | 'splits'> {
  const steps = stepsOf(value, 'pre_tokenizer', 'pretokenizers');
  const last = steps.pop();
  if (last?.step.type !== 'ByteLevel') return refuse(last?.path ?? 'pre_tokenizer', last?.step ?? value, known);
  const addPrefixSpace = last.step.add_prefix_space === true;
  if (addPrefixSpace && steps.length > 0)
    refuse(
      `${last.path}.add_prefix_space`,
      true,
      'false where other steps come before, since it would put a space before each piece',
    );
  const ownPattern = last.step.use_regex !== false;
  const splits = readSplits(steps, others);
  const [first] = steps;
  const { pattern, behavior, invert } = first?.step ?? {};
  const covers = behavior === (invert === true ? 'Removed' : 'Isolated');
  const kind = ownPattern ? 'gpt2' : 'none';
  const scanner = steps.length === 1 && !ownPattern && covers && kindOfPattern(String(asObject(pattern)?.Regex));
  if (scanner || !first) return { kind: scanner || kind, addPrefixSpace, splits: [] };
  if (ownPattern) splits.push({ ...compile(regexSource(gpt2, last.path)), keep: 'all' });
  return { kind: 'regex', addPrefixSpace, splits };
}
