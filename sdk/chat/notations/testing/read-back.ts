// Readers of calls that know nothing of how these are written: what is read says the same as what the writer returned.
interface Call {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** What a notation's text says; `texts` are arguments whose values were not read. */
export type ReadBack = (text: string) => readonly (Call & { readonly texts?: Readonly<Record<string, string>> })[];

const matchOf = (text: string, pattern: RegExp): RegExpExecArray => {
  const match = pattern.exec(text);
  if (!match) throw new Error(`${JSON.stringify(text)} does not match ${pattern}`);
  return match;
};

export const readHermes: ReadBack = (text) => [
  JSON.parse(matchOf(text, /^<tool_call>\n(\{"name": ".*\})\n<\/tool_call>$/s)[1]),
];

export const readLlama: ReadBack = (text) => {
  const { name, parameters } = JSON.parse(text.replace(/^<\|python_tag\|>/, ''));
  return [{ name, arguments: parameters }];
};

export const readMistralList: ReadBack = (text) => JSON.parse(matchOf(text, /^\[TOOL_CALLS\] ?(\[.*\])$/s)[1]);

export const readMistralNamed: ReadBack = (text) => {
  const [, name, written] = matchOf(text, /^\[TOOL_CALLS\]([\w.-]+)(?:\[CALL_ID\]\w{9})?\[ARGS\](.*)$/s);
  return [{ name, arguments: JSON.parse(written) }];
};

export const readQwenXml: ReadBack = (text) => {
  const [, name, body] = matchOf(
    text,
    /^<tool_call>\n<function=([\w.-]+)>((?:\n<parameter=[\w-]+>\n.*?<\/parameter>)*)\n<\/function>\n<\/tool_call>$/s,
  );
  const pairs = [...body.matchAll(/\n<parameter=([\w-]+)>\n(.*?)<\/parameter>/gs)];
  return [
    { name, arguments: {}, texts: Object.fromEntries(pairs.map(([, key, value]) => [key, value.replace(/\n$/, '')])) },
  ];
};

export const readPythonic: ReadBack = (text) => {
  const reader = new LiteralReader(text.replace(/^<\|tool_call_start\|>(.*)<\|tool_call_end\|>$/s, '$1'));
  const calls = reader.list('[', ']', () => {
    const name = reader.take(/[\w.-]+/y);
    const pairs = reader.list('(', ')', () => [reader.take(/[\w-]+=/y).slice(0, -1), reader.value()] as const);
    return { name, arguments: Object.fromEntries(pairs) };
  });
  reader.end();
  return calls;
};

export const readGemma =
  (open: string, quote: string, close: string): ReadBack =>
  (text) => {
    const reader = new LiteralReader(text, quote);
    reader.skip(`${open}call:`);
    const name = reader.take(/[\w.-]+/y);
    const pairs = reader.list('{', '}', () => [reader.take(/[\w-]+:/y).slice(0, -1), reader.value()] as const);
    reader.skip(close);
    reader.end();
    return [{ name, arguments: Object.fromEntries(pairs) }];
  };

/** Reads values as Python and JSON write them both, and texts between marks. */
class LiteralReader {
  readonly #text: string;
  readonly #quote: string | undefined;
  #at = 0;

  constructor(text: string, quote?: string) {
    this.#text = text;
    this.#quote = quote;
  }

  skip(text: string): void {
    if (!this.#text.startsWith(text, this.#at)) throw new Error(`no ${text} at ${this.#at} of ${this.#text}`);
    this.#at += text.length;
  }

  take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    if (found === undefined) throw new Error(`no ${pattern} at ${this.#at} of ${this.#text}`);
    this.#at += found.length;
    return found;
  }

  end(): void {
    if (this.#at < this.#text.length) throw new Error(`more than expected: ${this.#text.slice(this.#at)}`);
  }

  list<T>(open: string, close: string, item: () => T): T[] {
    const items: T[] = [];
    this.skip(open);
    for (this.take(/\s*/y); !this.#text.startsWith(close, this.#at); this.take(/\s*/y)) {
      if (items.length > 0) this.skip(',');
      this.take(/\s*/y);
      items.push(item());
    }
    this.skip(close);
    return items;
  }

  value(): unknown {
    this.take(/\s*/y);
    if (this.#quote && this.#text.startsWith(this.#quote, this.#at)) {
      this.skip(this.#quote);
      const from = this.#at;
      this.#at = this.#text.indexOf(this.#quote, from);
      const text = this.#text.slice(from, this.#at);
      this.skip(this.#quote);
      return text;
    }
    if (this.#text[this.#at] === '[') return this.list('[', ']', () => this.value());
    if (this.#text[this.#at] === '{')
      return Object.fromEntries(
        this.list('{', '}', () => {
          const key = JSON.parse(this.take(/"(?:[^"\\]|\\.)*"/y));
          this.take(/\s*:/y);
          return [key, this.value()];
        }),
      );
    const scalar = this.take(/"(?:[^"\\]|\\.)*"|[\w.+-]+/y);
    const named: Record<string, unknown> = { True: true, False: false, None: null };
    return scalar in named ? named[scalar] : JSON.parse(scalar);
  }
}
