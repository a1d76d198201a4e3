import { asObject } from '../parse-json.ts';
import type { Template } from '../tokenizer-definition.ts';
import type { Json } from '../tokenizer-parts.ts';
import { type PlacedStep, refuse, stepsOf } from './refuse.ts';

type Texts = Template<string>;

/** The texts of a template's special token; most have one. */
function tokensOf({ path, step }: PlacedStep, name: unknown): string[] {
  const where = `${path}.special_tokens[${JSON.stringify(name)}]`;
  const entry = asObject(asObject(step.special_tokens)?.[String(name)]);
  const tokens = entry?.tokens;
  const valid = Array.isArray(tokens) && tokens.every((token) => typeof token === 'string');
  return valid ? tokens : refuse(where, entry, 'an object with tokens');
}

/** Splits a template at its sequences: what lies before, between and after them. */
function sectionsOf(placed: PlacedStep, name: 'single' | 'pair', sequences: string): string[][] {
  const path = `${placed.path}.${name}`;
  const pieces = placed.step[name];
  const known = `a list of SpecialToken and Sequence, the latter ${sequences.split('').join(' and ')} once each`;
  if (!Array.isArray(pieces)) return refuse(path, pieces, known);
  const sections: string[][] = [[]];
  let seen = '';
  for (const piece of pieces) {
    const sequence = asObject(asObject(piece)?.Sequence);
    const special = asObject(asObject(piece)?.SpecialToken);
    if (sequence) {
      seen += sequence.id;
      sections.push([]);
    } else if (special) sections.at(-1)?.push(...tokensOf(placed, special.id));
    else refuse(path, pieces, known);
  }
  return seen === sequences ? sections : refuse(path, pieces, known);
}

function readTemplate(placed: PlacedStep): Texts {
  const [before, after] = sectionsOf(placed, 'single', 'A');
  const between = placed.step.pair == null ? [] : sectionsOf(placed, 'pair', 'AB')[1];
  return { before, between, after };
}

/** `cls`, the text, `sep`: a token is its text and its id. */
function readClassSeparator({ path, step }: PlacedStep, separators: number): Texts {
  const token = (name: string): string => {
    const value = (step[name] as unknown[] | undefined)?.[0];
    return typeof value === 'string' ? value : refuse(`${path}.${name}`, step[name], 'a text and an id');
  };
  return { before: [token('cls')], between: new Array(separators).fill(token('sep')), after: [token('sep')] };
}

const readers: Record<string, (placed: PlacedStep) => Texts> = {
  TemplateProcessing: readTemplate,
  RobertaProcessing: (placed) => readClassSeparator(placed, 2),
  BertProcessing: (placed) => readClassSeparator(placed, 1),
  // Of offsets only, which gptlet gives as they are.
  ByteLevel: () => ({ before: [], between: [], after: [] }),
};

/** What the steps put around a text: each around what the one before it has made. */
export function readPostProcessor(value: unknown): Texts {
  return stepsOf(value, 'post_processor', 'processors').reduce<Texts>(
    (inner, placed) => {
      const type = String((placed.step as Json).type);
      if (!Object.hasOwn(readers, type))
        return refuse(placed.path, placed.step, `${Object.keys(readers).join(', ')} and Sequence`);
      const outer = readers[type](placed);
      return {
        before: [...outer.before, ...inner.before],
        between: [...inner.after, ...outer.between, ...inner.before],
        after: [...inner.after, ...outer.after],
      };
    },
    { before: [], between: [], after: [] },
  );
}
