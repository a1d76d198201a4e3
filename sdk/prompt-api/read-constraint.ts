import type { ConstraintOption } from '../loaded-model/generate-options.ts';
import type { LanguageModelPromptOptions } from './dictionaries.ts';

/** How an answer is held to a form, and how the model is told of it. */
export interface ResponseConstraint {
  readonly option: ConstraintOption;
  /** Goes to the end of the prompt; '' where the page tells itself. */
  readonly instruction: string;
  /** Whether a text that a limit may have cut has the form all the same. */
  readonly isMet: (text: string) => boolean;
}

/**
 * Reads `responseConstraint`. Whether the schema or the expression can be kept to, only its compilation tells.
 *
 * @throws TypeError for what is neither schema nor expression, and for `omitResponseConstraintInput` alone; DOMException
 *   NotSupportedError for an expression with a flag that changes what it matches, and for a schema that is no JSON
 */
export function readConstraint(options: LanguageModelPromptOptions): ResponseConstraint | undefined {
  const { responseConstraint: given, omitResponseConstraintInput: omit } = options;
  if (given === undefined) {
    if (omit) throw new TypeError('omitResponseConstraintInput is for a responseConstraint, and there is none.');
    return undefined;
  }
  if (typeof given !== 'object' || given === null)
    throw new TypeError('responseConstraint is neither a JSON schema nor a RegExp.');
  if (given instanceof RegExp) {
    const flags = given.flags.replace(/[dgy]/g, '');
    if (flags.replace('u', ''))
      throw new DOMException(`The flags '${flags}' of a responseConstraint are not supported.`, 'NotSupportedError');
    return {
      option: { regex: given.source },
      isMet: (text) => new RegExp(`^(?:${given.source})$`, flags).test(text),
      instruction: omit ? '' : `\n\nAnswer with a text that matches the regular expression ${given.source}`,
    };
  }
  const schema = asJson(given);
  return {
    option: { jsonSchema: JSON.parse(schema) },
    isMet: isJson,
    instruction: omit ? '' : `\n\nAnswer with JSON that follows this schema: ${schema}`,
  };
}

/** What is whole fits the schema: nothing else could be written. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function asJson(schema: object): string {
  try {
    return JSON.stringify(schema);
  } catch (error) {
    throw new DOMException(`responseConstraint is no JSON schema: ${(error as Error).message}`, 'NotSupportedError');
  }
}
