import { seededRandom } from '../../../platform/seeded-random.ts';
import type { CallWriter } from '../tool-notation.ts';
import { randomJson, randomText } from './random-json.ts';

/** Tokens of which a constraint can write none. */
const special =
  /<\|?(start_function_call|end_function_call|escape|tool_call[a-z_]*|"|tool_call\|)\|?>|\[(ARGS|TOOL_CALLS|CALL_ID)\]/;

/** Writes like a model that likes nothing best, and holds the notation to what it may ask for. */
export function randomCallWriter(seed: number): CallWriter & { readonly pieces: string[] } {
  const random = seededRandom(seed);
  const pieces: string[] = [];
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
  return {
    pieces,
    force(text) {
      pieces.push(text);
    },
    async choose(texts, end = '') {
      for (const text of texts) {
        if (special.test(text)) throw new Error(`"${text}" has a special token`);
        if (text === '' && (end === '' || special.test(end))) throw new Error('nothing is none of some texts');
        const longer = texts.find((other) => other !== text && `${other}${end}`.startsWith(`${text}${end}`));
        if (longer !== undefined && !special.test(end)) throw new Error(`"${longer}" begins with "${text}"`);
      }
      const text = pick(texts);
      pieces.push(text, end);
      return text;
    },
    async json(schema, ends = []) {
      for (const end of ends) {
        if (special.test(end)) throw new Error(`"${end}" has a special token`);
        const longer = ends.find((other) => other !== end && other.endsWith(end));
        if (longer !== undefined) throw new Error(`"${longer}" ends with "${end}"`);
      }
      const value = randomJson(schema as Record<string, unknown>, random);
      const text = pick(['', ' ', '\n']) + JSON.stringify(value, null, pick([0, 1]));
      const end = ends.length > 0 ? pick(ends) : '';
      pieces.push(text, end);
      return { text, end };
    },
    async textUntil(end) {
      const text = randomText(random, end);
      pieces.push(text, end);
      return text;
    },
  };
}
