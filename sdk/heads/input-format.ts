import { GptletError } from '../errors/gptlet-error.ts';
import type { InputFormatConfig, ModelConfig, Truncation } from '../model/config.ts';
import { checkArgument } from '../options/check-argument.ts';
import { number, optional } from '../options/kinds.ts';
import { classifyOptions } from '../options/table.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/**
 * How texts become token sequences, after section 3.3 of the GPT paper: start and extract tokens around,
 * a delimiter between. Hub classifiers were trained on texts as their tokenizer gives them: what config.json does not
 * name is as the tokenizer's template says, nothing for GPT-2's.
 */
export interface InputFormat {
  readonly startIds: readonly number[];
  readonly delimiterIds: readonly number[];
  readonly extractIds: readonly number[];
  /** @default 'head': the beginning is kept */
  readonly truncation: Truncation;
}

/** The checkpoint's own format: tokens by name, or those of the tokenizer's template. @throws GptletError BAD_TOKENIZER */
export function resolveInputFormat(
  named: InputFormatConfig | undefined,
  tokenizer: Pick<Tokenizer, 'specialTokens' | 'template'>,
): InputFormat {
  const ids = (token: string | undefined, usual: readonly number[]): readonly number[] => {
    if (token === undefined) return usual;
    const id = tokenizer.specialTokens.get(token);
    if (id === undefined) {
      throw new GptletError(
        'BAD_TOKENIZER',
        `config.json names the token '${token}', which the tokenizer does not have as a special token; add it to tokenizer.json.`,
      );
    }
    return [id];
  };
  const { template } = tokenizer;
  return {
    startIds: ids(named?.startToken, template.before),
    delimiterIds: ids(named?.delimiterToken, template.between),
    extractIds: ids(named?.extractToken, template.after),
    truncation: named?.truncation ?? 'head',
  };
}

/** The values of config.json's `gptlet` entry that no tokenizer checks. @throws GptletError BAD_CHECKPOINT */
export function checkInputFormat(named: InputFormatConfig | undefined): void {
  const { truncation, temperature } = named ?? {};
  const truncations = optional(classifyOptions().truncation.kind);
  checkArgument('config.json: gptlet.truncation', truncation, truncations, 'BAD_CHECKPOINT');
  checkArgument('config.json: gptlet.temperature', temperature, optional(number({ above: 0 })), 'BAD_CHECKPOINT');
}

/** The format brings what goes around a text. */
const bare = { addSpecial: false };

/**
 * The sequences that together stand for the texts: one, or with 'windows' as many as a text that exceeds the context
 * needs, spread evenly from its first token to its last.
 */
export function formatWindows(
  texts: readonly string[],
  format: InputFormat,
  tokenizer: Tokenizer,
  config: ModelConfig,
): Uint32Array[] {
  const room = config.nCtx - format.startIds.length - format.extractIds.length;
  const tokenIds = format.truncation === 'windows' && texts.length === 1 ? tokenizer.encode(texts[0], bare) : undefined;
  if (tokenIds === undefined || tokenIds.length <= room) return [formatInput(texts, format, tokenizer, config)];
  const count = Math.ceil(tokenIds.length / room);
  return Array.from({ length: count }, (_, i) => {
    const start = Math.round((i * (tokenIds.length - room)) / (count - 1));
    return Uint32Array.from([...format.startIds, ...tokenIds.subarray(start, start + room), ...format.extractIds]);
  });
}

/**
 * One sequence: start, the texts with a delimiter between each two, extract. Where it does not fit the
 * context, the longest text gives way first, at the end or ends that the truncation says.
 */
export function formatInput(
  texts: readonly string[],
  format: InputFormat,
  tokenizer: Tokenizer,
  config: ModelConfig,
): Uint32Array {
  const pieces = texts.map((text) => encodeEnds(text, config.nCtx, format.truncation, tokenizer));
  const fixed = format.startIds.length + format.extractIds.length + format.delimiterIds.length * (texts.length - 1);
  let surplus = pieces.reduce((sum, piece) => sum + piece.length, 0) + fixed - config.nCtx;
  while (surplus > 0) {
    const lengths = pieces.map((piece) => piece.length);
    const longest = lengths.indexOf(Math.max(...lengths));
    // Down to the second longest, then in turn: texts of one length share the loss.
    const others = Math.max(0, ...lengths.filter((_, i) => i !== longest));
    const cut = Math.min(surplus, Math.max(1, lengths[longest] - others));
    pieces[longest] = shorten(pieces[longest], lengths[longest] - cut, format.truncation);
    surplus -= cut;
  }
  const sequence = [...format.startIds];
  pieces.forEach((piece, i) => {
    if (i > 0) sequence.push(...format.delimiterIds);
    sequence.push(...piece);
  });
  sequence.push(...format.extractIds);
  if (sequence.length === 0) {
    // Nothing at all has no last hidden state; the begin-of-text token says as little.
    const nothing = config.bosTokenId ?? config.eosTokenIds[0];
    if (nothing === undefined)
      throw new GptletError(
        'INVALID_OPTION',
        'The text is empty, and this model has no token that stands for nothing; give it some text.',
      );
    sequence.push(nothing);
  }
  return Uint32Array.from(sequence);
}

/** More characters than tokens have, on the mean over a context. */
const charactersPerToken = 64;

/** The tokens of a text; of one of megabytes, those of its ends that may be kept, which are more than `most`. */
function encodeEnds(text: string, most: number, truncation: Truncation, tokenizer: Tokenizer): number[] {
  const near = charactersPerToken * most;
  const encode = (part: string): number[] => Array.from(tokenizer.encode(part, bare));
  if (text.length > 2 * near) {
    const front = truncation === 'tail' ? undefined : encode(text.slice(0, near));
    const back = truncation === 'head' ? undefined : encode(text.slice(-near));
    if ([front, back].every((end) => !end || end.length > most)) return [...(front ?? []), ...(back ?? [])];
  }
  return encode(text);
}

function shorten(piece: number[], length: number, truncation: Truncation): number[] {
  if (truncation === 'head') return piece.slice(0, length);
  if (truncation === 'tail') return piece.slice(piece.length - length);
  const front = Math.ceil(length / 2);
  return [...piece.slice(0, front), ...piece.slice(piece.length - (length - front))];
}
