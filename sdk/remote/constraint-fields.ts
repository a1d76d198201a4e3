import { GptletError } from '../errors/gptlet-error.ts';
import { invalid } from '../errors/invalid.ts';
import { show } from '../errors/show.ts';
import type { ConstraintOption } from '../loaded-model/generate-options.ts';
import { checkArgument } from '../options/check-argument.ts';
import { filledTexts, text } from '../options/kinds.ts';

/**
 * The fields that ask a server for text of a form. A JSON schema has one in OpenAI's protocol. For choices and regular expressions each
 * server has its own, and overlooks those of the others, so that all are sent; a server of none (OpenAI's) refuses them:
 *
 * - vLLM: `structured_outputs`, before 0.12 `guided_choice` and `guided_regex` (docs.vllm.ai, Structured Outputs);
 * - SGLang: `regex` (docs.sglang.ai, Structured Outputs);
 * - llama.cpp: `grammar`, in GBNF, in which a regular expression cannot be said (tools/server/README.md; grammars/README.md).
 *
 * @throws GptletError INVALID_OPTION for a constraint that cannot be asked
 */
export function constraintFields(
  constraint: ConstraintOption | undefined,
  withTools: boolean,
): Record<string, unknown> {
  if (!constraint) return {};
  const { choices, regex, jsonSchema, references, followedBy } = checked(constraint);
  if (references !== undefined)
    throw new GptletError(
      'INVALID_OPTION',
      'constraint.references cannot be asked of a server; put those schemas into $defs of constraint.jsonSchema.',
    );
  if (followedBy !== undefined)
    throw new GptletError('INVALID_OPTION', 'constraint.followedBy cannot be asked of a server; leave it out.');
  if (jsonSchema !== undefined)
    return {
      response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema: jsonSchema } },
    };
  if (withTools)
    throw new GptletError(
      'INVALID_OPTION',
      'constraint with choices or regex cannot be asked of a server beside tools; leave out one of the two.',
    );
  if (regex !== undefined) return { structured_outputs: { regex }, guided_regex: regex, regex };
  return {
    structured_outputs: { choice: choices },
    guided_choice: choices,
    regex: `(${choices?.map(escaped).join('|')})`,
    grammar: `root ::= ${choices?.map((choice) => JSON.stringify(choice)).join(' | ')}`,
  };
}

/** Every form as a field, one of which is there. */
interface Forms {
  readonly choices?: readonly string[];
  readonly regex?: string;
  readonly jsonSchema?: object;
  readonly references?: object;
  readonly followedBy?: readonly string[];
}

function checked(constraint: ConstraintOption): Forms {
  const forms = constraint as Forms;
  const { choices, regex, jsonSchema } = forms;
  if ([choices, regex, jsonSchema].filter((form) => form != null).length !== 1)
    throw invalid('constraint', constraint, 'an object with one of choices, regex and jsonSchema');
  if (choices != null) checkArgument('constraint.choices', choices, filledTexts);
  if (choices?.length === 0) throw invalid('constraint.choices', choices, 'a list of at least one text');
  if (regex != null) checkArgument('constraint.regex', regex, text);
  return forms;
}

/**
 * That a text has the form which was asked for, as far as it can be told without the model: a server that knows no such field says
 * nothing of it. Of a JSON schema, that the text is JSON.
 *
 * @throws GptletError INTEGRITY
 */
export function checkKept(constraint: ConstraintOption | undefined, written: string): void {
  if (!constraint || keeps(constraint, written)) return;
  throw new GptletError(
    'INTEGRITY',
    `The server did not keep to constraint: it wrote ${show(written)}. It may not know how; ask in the prompt, or see what it calls this.`,
  );
}

function keeps(constraint: ConstraintOption, written: string): boolean {
  if ('choices' in constraint) return constraint.choices.includes(written);
  try {
    if ('regex' in constraint) return new RegExp(`^(?:${constraint.regex})$`, 'u').test(written);
    JSON.parse(written);
    return true;
  } catch {
    // What this engine cannot read as an expression, it cannot judge.
    return 'regex' in constraint;
  }
}

const escaped = (choice: string): string => choice.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
