import { asObject, fail, quote } from '../parse-json.ts';
import type { Json } from '../tokenizer-parts.ts';

/** Throws BAD_TOKENIZER for a part of the file that asks for what is not supported. */
export function refuse(path: string, value: unknown, supported: string): never {
  return fail(`tokenizer.json: ${path} is ${quote(value)}; gptlet knows ${supported}.`);
}

/** A step and where it stands in the file. */
export interface PlacedStep {
  readonly path: string;
  readonly step: Json;
}

/** The steps of a part, sequences laid flat; none where there is no such part. */
export function stepsOf(value: unknown, path: string, list: string): PlacedStep[] {
  if (value == null) return [];
  const step = asObject(value) ?? refuse(path, value, 'an object with a type');
  if (step.type !== 'Sequence') return [{ path, step }];
  const inner = step[list];
  if (!Array.isArray(inner)) refuse(`${path}.${list}`, inner, 'a list');
  return inner.flatMap((part, index) => stepsOf(part, `${path}.${list}[${index}]`, list));
}

/** A field that must be a text. */
export function textField({ path, step }: PlacedStep, name: string): string {
  const value = step[name];
  return typeof value === 'string' ? value : refuse(`${path}.${name}`, value, 'a text');
}
