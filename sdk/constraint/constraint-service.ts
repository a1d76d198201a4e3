import { type CompiledConstraint, type ConstraintSpec, compileConstraint } from './compile-constraint.ts';
import type { Constraint } from './constraint.ts';
import type { ConstraintStep, OpenedConstraint } from './constraint-calls.ts';
import { createConstraint } from './create-constraint.ts';
import { VocabularyWalks } from './machine/vocabulary-walks.ts';
import { Language } from './schema/language.ts';
import type { VocabularyBytes } from './vocabulary-bytes.ts';
import { vocabularyTrie } from './vocabulary-trie.ts';

/** Constraints kept ready for the next call with the same one. */
const MAX_KEPT = 8;
/** Expressions that a language may have before the next constraint begins one anew: about 100 MB. */
const MAX_EXPRESSIONS = 300_000;

/** Compiles constraints over one vocabulary and follows them. */
export class ConstraintService {
  #walks: VocabularyWalks;
  /** By the spec's text: a program asks for the same shape again and again, and masks are found only once. */
  readonly #kept: Map<string, Constraint> = new Map();
  readonly #following: Map<number, Constraint> = new Map();
  #last = 0;

  constructor(vocabulary: VocabularyBytes) {
    this.#walks = new VocabularyWalks(vocabularyTrie(vocabulary), new Language());
  }

  open(spec: ConstraintSpec, eosTokenIds: readonly number[], remaining: number): OpenedConstraint {
    const key = JSON.stringify([spec, eosTokenIds]);
    let constraint = this.#kept.get(key);
    let warnings: CompiledConstraint['warnings'] = [];
    if (!constraint) {
      const { trie, language } = this.#walks;
      if (language.expressions.size > MAX_EXPRESSIONS) this.#walks = new VocabularyWalks(trie, new Language());
      const compiled = compileConstraint(spec, this.#walks.language);
      warnings = compiled.warnings;
      constraint = createConstraint(compiled, this.#walks, eosTokenIds);
    }
    // Last used, last to go.
    this.#kept.delete(key);
    this.#kept.set(key, constraint);
    for (const oldest of this.#kept.keys()) if (this.#kept.size > MAX_KEPT) this.#kept.delete(oldest);
    const follower = constraint.fork();
    const id = ++this.#last;
    this.#following.set(id, follower);
    return { id, step: stepOf(follower, remaining), warnings };
  }

  accept(id: number, tokenIds: readonly number[], remaining: number): ConstraintStep {
    const follower = this.#following.get(id);
    if (!follower) throw new Error(`constraint ${id} is closed`);
    for (const tokenId of tokenIds) follower.accept(tokenId);
    return stepOf(follower, remaining);
  }

  close(id: number): void {
    this.#following.delete(id);
  }
}

function stepOf(follower: Constraint, remaining: number): ConstraintStep {
  if (follower.isComplete()) return { mask: undefined, forced: '' };
  return { mask: follower.mask(remaining), forced: wholeCharacters(follower.forcedBytes()) };
}

/** The text of some bytes, without a character of which only a part is there. */
function wholeCharacters(bytes: string): string {
  const decoder = new TextDecoder();
  return bytes === ''
    ? ''
    : decoder.decode(
        Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)),
        { stream: true },
      );
}
