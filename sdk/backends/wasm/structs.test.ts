import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { layerFields, linearFields, modelFields } from './structs.ts';

it.each([
  ['Linear', linearFields],
  ['Layer', layerFields],
  ['Model', modelFields],
] as const)('%s has the fields of the AssemblyScript class, in its order', (name, fields) => {
  const source = readFileSync(new URL('../../../wasm/kernels/structs.ts', import.meta.url), 'utf8');
  const body = source.split(`class ${name} {`)[1].split('\n}')[0];
  expect([...body.matchAll(/^ {2}(\w+): \w+;/gm)].map((match) => match[1])).toEqual([...fields]);
});
