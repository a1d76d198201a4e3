import { describe, expect, it } from 'vitest';
import { StopTexts } from './stop-texts.ts';

/** Feeds text in pieces of random length; returns everything shown. */
function feed(stops: string[], pieces: string[]): { shown: string; stopped: boolean } {
  const watcher = new StopTexts(stops);
  let shown = '';
  for (const piece of pieces) {
    const { text, stopped } = watcher.push(piece);
    shown += text;
    if (stopped) return { shown, stopped };
  }
  return { shown: shown + watcher.flush(), stopped: false };
}

describe('stop texts', () => {
  it('are found across pieces and never shown, not even in part', () => {
    expect(feed(['\n\nUser:'], ['Hello', '\n', '\nUs', 'er: hi'])).toEqual({ shown: 'Hello', stopped: true });
  });

  it('hold back what could become one and show it when it does not', () => {
    const watcher = new StopTexts(['abc']);
    expect(watcher.push('xab')).toEqual({ text: 'x', stopped: false });
    expect(watcher.push('d')).toEqual({ text: 'abd', stopped: false });
    expect(watcher.push('ab')).toEqual({ text: '', stopped: false });
    expect(watcher.flush()).toBe('ab');
  });

  it('end at the first of several', () => {
    expect(feed(['zz', 'b'], ['aab', 'zz'])).toEqual({ shown: 'aa', stopped: true });
  });

  it('end at the one that is complete first, also where one piece holds a longer one that begins before', () => {
    for (const pieces of [['xabc'], ['xab', 'c'], ['x', 'a', 'b', 'c']])
      expect(feed(['abc', 'b'], pieces)).toEqual({ shown: 'xa', stopped: true });
    for (const stops of [
      ['abc', 'bc'],
      ['bc', 'abc'],
    ])
      expect(feed(stops, ['xabcd'])).toEqual({ shown: 'x', stopped: true });
  });

  it('show the same however the text is cut (against the whole at once, and indexOf)', () => {
    let seed = 1;
    const random = (n: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 8) % n;
    };
    let stoppedRuns = 0;
    for (let run = 0; run < 2000; run++) {
      const text = Array.from({ length: 30 }, () => 'ab'[random(2)]).join('');
      const stops = Array.from({ length: 1 + random(3) }, () =>
        Array.from({ length: 1 + random(6) }, () => 'ab'[random(2)]).join(''),
      );
      const pieces: string[] = [];
      for (let at = 0; at < text.length; ) {
        const length = 1 + random(4);
        pieces.push(text.slice(at, at + length));
        at += length;
      }
      const { shown, stopped } = feed(stops, pieces);
      if (stopped) {
        stoppedRuns++;
        expect(stops.some((stop) => shown.includes(stop))).toBe(false);
        expect(stops.some((stop) => text.startsWith(stop, shown.length))).toBe(true);
      } else {
        expect(shown).toBe(text);
        expect(stops.some((stop) => text.includes(stop))).toBe(false);
      }
      expect(text.startsWith(shown)).toBe(true);
      expect({ shown, stopped }).toEqual(feed(stops, [text]));
    }
    expect(stoppedRuns).toBeGreaterThan(1000);
  });
});
