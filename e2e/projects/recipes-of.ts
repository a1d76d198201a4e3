import { readFileSync } from 'node:fs';

/** The files of a page of recipes, by the names in their first lines. */
export function recipesOf(path: string): Record<string, string> {
  const blocks = readFileSync(path, 'utf8').matchAll(/```\w+\n(?:\/\/|<!--) (\S+)(?: -->)?\n([\s\S]+?)```/g);
  return Object.fromEntries([...blocks].map(([, name, code]) => [name, code]));
}

/** Lines of code: without the empty ones. */
export const linesOf = (code: string): number => code.split('\n').filter((line) => line.trim() !== '').length;
