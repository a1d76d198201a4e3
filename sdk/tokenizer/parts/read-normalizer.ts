import type { NormalizationStep, Replacement } from '../tokenizer-definition.ts';
import { compile, patternSource } from './read-pattern.ts';
import { type PlacedStep, refuse, stepsOf, textField } from './refuse.ts';

const replace = (source: string, content: string): Replacement => ({ ...compile(source), content });

/** Type → the steps that do it. */
const readers: Record<string, (placed: PlacedStep) => NormalizationStep[]> = {
  NFC: () => ['NFC'],
  NFD: () => ['NFD'],
  NFKC: () => ['NFKC'],
  NFKD: () => ['NFKD'],
  Lowercase: () => ['lower'],
  Strip: ({ step }) => [
    ...(step.strip_left === true ? [replace('^\\p{White_Space}+', '')] : []),
    ...(step.strip_right === true ? [replace('\\p{White_Space}+$', '')] : []),
  ],
  StripAccents: () => [replace('\\p{M}+', '')],
  Replace: (placed) => [replace(patternSource(placed), textField(placed, 'content'))],
  Prepend: (placed) => [{ ...replace('^(?=[\\s\\S])', textField(placed, 'prepend')), isPrefix: true }],
};

export function readNormalizer(value: unknown): NormalizationStep[] {
  return stepsOf(value, 'normalizer', 'normalizers').flatMap((placed) => {
    const type = String(placed.step.type);
    const reader = Object.hasOwn(readers, type) ? readers[type] : undefined;
    return reader?.(placed) ?? refuse(placed.path, placed.step, `${Object.keys(readers).join(', ')} and Sequence`);
  });
}
