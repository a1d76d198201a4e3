/** A value inside another: its name, itself, what it may be. */
type Part = readonly [name: string, value: unknown, kind: Kind];

/** What a value may be: the words behind "it must be", and what decides. */
export interface Kind {
  readonly mustBe: string;
  readonly allows: (value: unknown) => boolean;
  /** What is inside a value that is allowed, for messages that name the one that is wrong. */
  readonly parts?: (name: string, value: never) => readonly Part[];
}

const isText = (value: unknown): value is string => typeof value === 'string';
/** What has its values by name: those of a list or a Map would be overlooked. */
const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !(Symbol.iterator in value);
const isFunction = (value: unknown): boolean => typeof value === 'function';
const isBoolean = (value: unknown): boolean => typeof value === 'boolean';
const isWhole = (value: unknown): value is number => Number.isInteger(value);
const isTokenId = (value: unknown): boolean => isWhole(value) && value >= 0 && value < 2 ** 31;
/** By a method: an object of another window, or a stand-in, is no instance. */
const has = (value: unknown, method: string): boolean => isFunction(Object(value)[method]);

/** @param to at most 2^31 - 1 where nothing is said */
export function wholeNumber(from: number, to?: number): Kind {
  return {
    mustBe: `a whole number from ${from}${to === undefined ? '' : ` to ${to}`}`,
    allows: (value) => isWhole(value) && value >= from && value <= (to ?? 2 ** 31 - 1),
  };
}

/** Finite, unless `to` says Infinity. `above` is `from` without the value itself. */
export function number({ from, above, to }: { from?: number; above?: number; to?: number } = {}): Kind {
  const words = [
    from === undefined ? '' : ` from ${from}`,
    above === undefined ? '' : ` above ${above}`,
    to === undefined ? '' : above === undefined ? ` to ${to}` : `, at most ${to}`,
  ];
  return {
    mustBe: `a${to === undefined ? ' finite' : ''} number${words.join('')}`,
    allows: (value) =>
      typeof value === 'number' &&
      value >= (from ?? -Number.MAX_VALUE) &&
      value > (above ?? -Infinity) &&
      value <= (to ?? Number.MAX_VALUE),
  };
}

export function oneOf(...values: readonly string[]): Kind {
  const quoted = values.map((value) => `'${value}'`);
  return {
    mustBe: `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`,
    allows: (value) => values.includes(value as string),
  };
}

/** The items of an array, each of `kind`. */
const itemsOf = (name: string, value: unknown[], kind: Kind): Part[] =>
  Array.from(value, (item, i) => [`${name}[${i}]`, item, kind]);

/** An object with such fields; it may have more, as rows of a dataset do. */
export function fields(kinds: { readonly [name: string]: Kind }): Kind {
  return {
    mustBe: `an object with ${Object.keys(kinds).join(', ')}`,
    allows: isObject,
    parts: (name, value: Record<string, unknown>) =>
      Object.entries(kinds).map(([field, kind]) => [`${name}.${field}`, value[field], kind]),
  };
}

/** Many of {@link fields}. */
export function rows(kinds: { readonly [name: string]: Kind }): Kind {
  const row = fields(kinds);
  return {
    mustBe: `an array of objects with ${Object.keys(kinds).join(', ')}`,
    allows: Array.isArray,
    parts: (name, value: unknown[]) => itemsOf(name, value, row),
  };
}

/** `kind`, or nothing: undefined and null alike. */
export function optional({ mustBe, allows, parts }: Kind): Kind {
  return {
    mustBe: `${mustBe} or undefined`,
    allows: (value) => value == null || allows(value),
    parts: (name, value) => (value == null ? [] : (parts?.(name, value) ?? [])),
  };
}

export const flag: Kind = { mustBe: 'true or false', allows: isBoolean };
export const text: Kind = { mustBe: 'a text', allows: isText };
export const texts: Kind = {
  mustBe: 'an array of texts',
  allows: Array.isArray,
  parts: (name, value: unknown[]) => itemsOf(name, value, text),
};
export const callback: Kind = { mustBe: 'a function', allows: isFunction };
export const object: Kind = { mustBe: 'an object', allows: isObject };

export const filledText: Kind = {
  mustBe: 'a text that is not empty',
  allows: (value) => isText(value) && value !== '',
};
export const filledTexts: Kind = {
  mustBe: 'an array of texts that are not empty',
  allows: Array.isArray,
  parts: (name, value: unknown[]) => itemsOf(name, value, filledText),
};

const tokenId: Kind = { mustBe: 'a token id', allows: isTokenId };
export const tokenIds: Kind = {
  mustBe: 'an array of token ids',
  allows: Array.isArray,
  parts: (name, value: unknown[]) => itemsOf(name, value, tokenId),
};

/** The mistake that is made most is passing the AbortController itself. */
export const abortSignal: Kind = {
  mustBe: "an AbortSignal, such as an AbortController's property 'signal'",
  allows: (value) => has(value, 'addEventListener'),
};

const tokenIdKey: Kind = {
  mustBe: 'a token id',
  allows: (key) => (key as string).trim() !== '' && isTokenId(Number(key)),
};
const bias: Kind = {
  mustBe: 'a number below 3.4e38; bannedTokenIds rules a token out',
  allows: (value) => typeof value === 'number' && Number.isFinite(Math.fround(value)),
};
export const logitBias: Kind = {
  mustBe: 'an object of token id to number',
  allows: isObject,
  parts: (name, value: object) =>
    Object.entries(value).flatMap(([key, added]) => [
      [`a key of ${name}`, key, tokenIdKey],
      [`${name}[${key}]`, added, bias],
    ]),
};

/** Weights by label; whoever knows the labels looks closer. */
export const classWeights: Kind = {
  mustBe: "'balanced' or an object of label to number",
  allows: (value) => value === 'balanced' || isObject(value),
};

/** Which matrices low-rank pairs change; which there are, only a model knows. */
export const loraTargets: Kind = {
  mustBe: "'attention', 'all' or an array of the names that the checkpoint gives its matrices",
  allows: (value) => value === 'attention' || value === 'all' || (Array.isArray(value) && value.length > 0),
  parts: (name, value: unknown) => (Array.isArray(value) ? itemsOf(name, value, filledText) : []),
};

/** Where a training's state is kept. */
export const trainingStorage: Kind = {
  mustBe: 'true, false or, in Node, a folder',
  allows: (value) => isBoolean(value) || (isText(value) && value !== ''),
};

export const constraint: Kind = { mustBe: 'an object with one of choices, regex and jsonSchema', allows: isObject };

/** For whoever lists and removes. */
export const weightCache: Kind = {
  mustBe: 'a WeightCache',
  allows: (value) => isFunction((value as { names?: unknown } | null)?.names),
};
export const cache: Kind = {
  mustBe: 'true, false or a WeightCache',
  allows: (value) => isBoolean(value) || has(value, 'read'),
};
export const worker: Kind = {
  mustBe: 'true, false, a Worker or a function that makes one',
  allows: (value) => isBoolean(value) || isFunction(value) || has(value, 'postMessage'),
};

/** One of some words, or an object that names a tool. */
export const toolChoice: Kind = {
  mustBe: "'auto', 'none', 'required' or an object with tool",
  allows: (value) =>
    ['auto', 'none', 'required'].includes(value as string) || isText((value as { tool?: unknown } | null)?.tool),
};

/** Tools by name. */
export const tools: Kind = {
  mustBe: 'an object of tools by name',
  allows: isObject,
  parts: (name, value: object) => Object.entries(value).map(([key, each]) => [`${name}.${key}`, each, tool]),
};
const tool: Kind = {
  mustBe: 'an object with description, parameters and execute',
  allows: isObject,
  parts: (name, value: { description?: unknown; parameters?: unknown; execute?: unknown }) => [
    [`${name}.description`, value.description, optional(text)],
    [`${name}.parameters`, value.parameters, optional(schema)],
    [`${name}.execute`, value.execute, optional(callback)],
  ],
};
/** Some libraries' schemas are functions. */
const schema: Kind = {
  mustBe: 'a JSON schema, or a schema that says its own',
  allows: (value) => isObject(value) || isFunction(value),
};

/** Models by the names that requests call them. */
export const servedModels: Kind = {
  mustBe: 'an object of models by name',
  allows: isObject,
  parts: (name, value: object) => Object.entries(value).map(([key, each]) => [`${name}['${key}']`, each, servedModel]),
};
const servedModel: Kind = {
  mustBe: 'a model, or a function that loads one',
  allows: (value) => isFunction(value) || has(value, 'chat'),
};

/** Of what must not appear in a message: whoever uses it checks it, and does not show it. */
export const secret: Kind = { mustBe: 'a text', allows: () => true };

/** The same of headers. */
export const secretHeaders: Kind = { mustBe: 'headers', allows: () => true };

/** Whoever takes it knows those that there are. */
export const remoteModel: Kind = { mustBe: 'what connect() gives', allows: isObject };
/** When a fallback serves. */
export const when: Kind = {
  mustBe: 'a function, or an object with tokensPerSecondBelow',
  allows: (value) => isFunction(value) || isObject(value),
  parts: (name, value: { tokensPerSecondBelow?: unknown }) =>
    isFunction(value) ? [] : [[`${name}.tokensPerSecondBelow`, value.tokensPerSecondBelow, number({ above: 0 })]],
};

/** A model's name, address or files; loading looks closer. */
export const modelSource: Kind = {
  mustBe: 'a hub id, the address of a folder or an object of files',
  allows: (value) => isText(value) || isObject(value),
};

/** What guesses tokens for a model. */
export const draft: Kind = {
  mustBe: "'prompt', a loaded model or a hub id",
  allows: (value) => (isText(value) && value !== '') || has(value, 'generate'),
};

/** For those that load a model themselves, or are given one. */
export const modelOrId: Kind = {
  mustBe: 'a hub id, the address of a folder or a model that chats',
  allows: (value) => isText(value) || has(value, 'chat'),
};

/** What has to be loaded may come as a model that is, or as what loads it. */
export const modelOrSource: Kind = {
  mustBe: 'a loaded model, a hub id, the address of a folder, an object of files or a function that loads a model',
  allows: (value) => modelSource.allows(value) || isFunction(value),
};

const fileContent: Kind = {
  mustBe: 'a text or a Uint8Array',
  allows: (value) => value === undefined || isText(value) || value instanceof Uint8Array,
};
export const tokenizerFiles: Kind = {
  mustBe: 'an object from file name to contents',
  allows: isObject,
  parts: (name, value: object) =>
    Object.entries(value).map(([file, content]) => [`${name}['${file}']`, content, fileContent]),
};

export const array: Kind = { mustBe: 'an array', allows: Array.isArray };

/** What a chat does when its messages outgrow the context. */
export const onOverflow: Kind = {
  mustBe: "'drop-oldest', 'error' or a function",
  allows: (value) => value === 'drop-oldest' || value === 'error' || isFunction(value),
};

/** An array, or what has a length like one. */
export const arrayLike: Kind = {
  mustBe: 'an array',
  allows: (value) => {
    const length: unknown = typeof value === 'object' && (value as ArrayLike<unknown> | null)?.length;
    return isWhole(length) && length >= 0;
  },
};

/** Which special tokens there are, only a tokenizer knows. */
export const allowSpecial: Kind = {
  mustBe: 'true, false or an array of special tokens',
  allows: (value) => isBoolean(value) || Array.isArray(value),
};
export const tokenLimit: Kind = {
  mustBe: 'a whole number from 0, or Infinity',
  allows: (value) => value === Infinity || (isWhole(value) && value >= 0),
};
