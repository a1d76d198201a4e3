import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import type { Pacer } from '../pacer.ts';

/** Characters that are encoded in one turn: a millisecond or so. */
const atOnce = 2 ** 15;
/** Where a line begins with a sign, every tokenizer cuts too. */
const lineStart = /\n(?=\S)/g;

/** The tokens of a text, of a long one a few milliseconds at a time, without what its tokenizer puts around it. */
export async function encodeText(text: string, tokenizer: Tokenizer, pacer: Pacer): Promise<Uint32Array> {
  const parts: Uint32Array[] = [];
  for (let at = 0; at < text.length; ) {
    lineStart.lastIndex = at + atOnce;
    const end = (lineStart.exec(text)?.index ?? text.length) + 1;
    parts.push(tokenizer.encode(text.slice(at, end), { addSpecial: false, continues: at > 0 }));
    at = end;
    if (pacer.isDue) await pacer.rest();
  }
  const tokenIds = new Uint32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let filled = 0;
  for (const part of parts) {
    tokenIds.set(part, filled);
    filled += part.length;
  }
  return tokenIds;
}
