import { gpt1Words } from './gpt1-reference.ts';

/**
 * A small GPT-1-like vocabulary trained on `text` with `count` merges, so that tests need no data folder:
 * ids as in the original, the characters first, then the merges in order, `<unk>` at 0.
 */
export function trainGpt1(text: string, count: number): { vocab: Record<string, number>; merges: string[] } {
  const words = gpt1Words(text).map((word) => {
    const parts = [...word];
    parts[parts.length - 1] += '</w>';
    return parts;
  });
  const vocab: Record<string, number> = { '<unk>': 0 };
  const add = (token: string): void => {
    vocab[token] ??= Object.keys(vocab).length;
  };
  for (const part of words.flat()) {
    add(part.replace('</w>', ''));
    add(`${part.replace('</w>', '')}</w>`);
  }
  const merges: string[] = [];
  while (merges.length < count) {
    const pairs = new Map<string, number>();
    for (const parts of words) {
      for (let i = 0; i + 1 < parts.length; i++) {
        const pair = `${parts[i]} ${parts[i + 1]}`;
        pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
      }
    }
    if (pairs.size === 0) break;
    const [best] = [...pairs].reduce((a, b) => (b[1] > a[1] ? b : a));
    merges.push(best);
    const [left, right] = best.split(' ');
    add(left + right);
    for (const parts of words) {
      for (let i = 0; i + 1 < parts.length; i++)
        if (parts[i] === left && parts[i + 1] === right) parts.splice(i, 2, left + right);
    }
  }
  return { vocab, merges };
}
