import { Automaton, MAX_STATES } from './automaton.ts';
import { inString } from './json-escapes.ts';
import { LazyDfa } from './lazy-dfa.ts';
import type { CodePointRange, Pattern } from './pattern.ts';
import { type ByteRanges, utf8Ranges } from './utf8-ranges.ts';

interface Piece {
  readonly start: number;
  readonly end: number;
}

/** The automaton of a pattern, over the bytes of its UTF-8 text; `escaped` inside a JSON string. */
export function compilePattern(pattern: Pattern, maxStates: number = MAX_STATES, escaped = false): LazyDfa {
  const automaton = new Automaton(maxStates);
  const { start, end } = new PatternCompiler(automaton).piece(pattern, escaped);
  return new LazyDfa(automaton.finish(start, end));
}

/** Whether some text matches both patterns. */
export function overlap(left: Pattern, right: Pattern): boolean {
  return compilePattern({ kind: 'both', left, right }).start >= 0;
}

class PatternCompiler {
  readonly #to: Automaton;
  /** By the set itself: a counted repetition compiles the same one many times, always in the same mode. */
  readonly #encodings: Map<readonly CodePointRange[], ByteRanges[]> = new Map();

  constructor(to: Automaton) {
    this.#to = to;
  }

  /** Adds the states of a pattern; `escaped` inside a JSON string. */
  piece(pattern: Pattern, escaped: boolean): Piece {
    switch (pattern.kind) {
      case 'characters':
        return this.#characters(pattern.ranges, escaped);
      case 'sequence':
        return this.#sequence(pattern.parts, escaped);
      case 'choice':
        return this.#choice(pattern.options, escaped);
      case 'repeat':
        return this.#repeat(pattern, escaped);
      case 'members':
        return this.#members(pattern, escaped);
      case 'both':
        return this.#both(pattern, escaped);
      case 'escaped':
        return this.piece(pattern.body, true);
    }
  }

  #open(): Piece {
    return { start: this.#to.add(), end: this.#to.add() };
  }

  #characters(ranges: readonly CodePointRange[], escaped: boolean): Piece {
    let encodings = this.#encodings.get(ranges);
    if (!encodings) {
      encodings = ranges.flatMap(([first, last]) => (escaped ? inString(first, last) : utf8Ranges(first, last)));
      this.#encodings.set(ranges, encodings);
    }
    const piece = this.#open();
    // Encodings with the same last bytes share the states that read them.
    const shared = new Map<string, number>();
    for (const bytes of encodings) this.#bytes(piece, bytes, shared);
    return piece;
  }

  #bytes({ start, end }: Piece, bytes: ByteRanges, shared: Map<string, number>): void {
    let at = start;
    for (let i = 0; i < bytes.length; i++) {
      const [first, last] = bytes[i];
      const rest = bytes.slice(i + 1).join(';');
      const known = i === bytes.length - 1 ? end : shared.get(rest);
      const next = known ?? this.#to.add();
      this.#to.edge(at, first, last, next);
      if (known !== undefined) return;
      shared.set(rest, next);
      at = next;
    }
  }

  #sequence(parts: readonly Pattern[], escaped: boolean): Piece {
    const start = this.#to.add();
    let end = start;
    for (const part of parts) {
      const piece = this.piece(part, escaped);
      this.#to.jump(end, piece.start);
      end = piece.end;
    }
    return { start, end };
  }

  #choice(options: readonly Pattern[], escaped: boolean): Piece {
    const piece = this.#open();
    for (const option of options) {
      const { start, end } = this.piece(option, escaped);
      this.#to.jump(piece.start, start);
      this.#to.jump(end, piece.end);
    }
    return piece;
  }

  #repeat({ body, min, max, separator }: Extract<Pattern, { kind: 'repeat' }>, escaped: boolean): Piece {
    const piece = this.#open();
    if (min === 0) this.#to.jump(piece.start, piece.end);
    if (max === 0) return piece;
    // One copy per counted round; without an upper bound the last copy leads back to itself.
    const copies = max === Infinity ? Math.max(min, 1) : max;
    let from = piece.start;
    for (let i = 1; i <= copies; i++) {
      // A start of its own, so that a loop inside the body cannot be entered from the way back.
      const begin = this.#to.add();
      const { start, end } = this.piece(body, escaped);
      this.#to.jump(begin, start);
      this.#to.jump(from, begin);
      if (i >= min) this.#to.jump(end, piece.end);
      if (i < copies || max === Infinity) {
        const gap = separator ? this.piece(separator, escaped) : undefined;
        if (gap) this.#to.jump(end, gap.start);
        from = gap ? gap.end : end;
        if (i === copies) this.#to.jump(from, begin);
      }
    }
    return piece;
  }

  #members({ members, separator }: Extract<Pattern, { kind: 'members' }>, escaped: boolean): Piece {
    // Two tracks: nothing written yet, and something written, where a separator comes first.
    const start = this.#to.add();
    let none = start;
    let some = this.#to.add();
    for (const member of members) {
      const { start: memberStart, end: memberEnd } = this.piece(member.pattern, escaped);
      const gap = this.piece(separator, escaped);
      const nextNone = this.#to.add();
      const nextSome = this.#to.add();
      this.#to.jump(none, memberStart);
      this.#to.jump(some, gap.start);
      this.#to.jump(gap.end, memberStart);
      this.#to.jump(memberEnd, nextSome);
      if (!member.required) {
        this.#to.jump(none, nextNone);
        this.#to.jump(some, nextSome);
      }
      none = nextNone;
      some = nextSome;
    }
    const end = this.#to.add();
    this.#to.jump(none, end);
    this.#to.jump(some, end);
    return { start, end };
  }

  /** Both at once: a state for every pair that can be reached. */
  #both(pattern: Extract<Pattern, { kind: 'both' }>, escaped: boolean): Piece {
    const left = compilePattern(pattern.left, MAX_STATES, escaped);
    const right = compilePattern(pattern.right, MAX_STATES, escaped);
    const piece = this.#open();
    if (left.start < 0 || right.start < 0) return piece;
    const pairs = new Map<number, number>();
    const todo: [number, number][] = [];
    const stateOf = (a: number, b: number): number => {
      const key = a * 2 ** 26 + b;
      let state = pairs.get(key);
      if (state === undefined) {
        state = this.#to.add();
        pairs.set(key, state);
        todo.push([a, b]);
        if (left.distance(a) === 0 && right.distance(b) === 0) this.#to.jump(state, piece.end);
      }
      return state;
    };
    this.#to.jump(piece.start, stateOf(left.start, right.start));
    for (let next = todo.pop(); next; next = todo.pop()) {
      const [a, b] = next;
      const from = stateOf(a, b);
      const [rowA, rowB] = [left.row(a), right.row(b)];
      for (let byte = 0; byte < 256; ) {
        const first = byte;
        const [toA, toB] = [rowA[byte], rowB[byte]];
        while (byte < 256 && rowA[byte] === toA && rowB[byte] === toB) byte++;
        if (toA >= 0 && toB >= 0) this.#to.edge(from, first, byte - 1, stateOf(toA, toB));
      }
    }
    return piece;
  }
}
