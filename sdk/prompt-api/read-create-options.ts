import type { Tools } from '../loaded-model/tool.ts';
import type {
  LanguageModelCreateCoreOptions,
  LanguageModelCreateOptions,
  LanguageModelExpected,
  LanguageModelSamplingMode,
} from './dictionaries.ts';
import { messageTypes, type ReadPrompt, readPrompt, refuseLateSystem } from './read-prompt.ts';
import { readTools } from './read-tools.ts';
import { samplingModes } from './sampling-modes.ts';
import { dictionary, oneOf, sequence, signalOf } from './web-idl.ts';

/** What is asked of a model: kinds of content, and the languages of both sides. */
export interface Demands {
  readonly inputTypes: readonly string[];
  readonly outputTypes: readonly string[];
  /** Canonical tags. */
  readonly languages: readonly string[];
}

export interface ReadCoreOptions {
  readonly demands: Demands;
  readonly samplingMode: LanguageModelSamplingMode;
  /** Undefined where there are none. */
  readonly tools: Tools | undefined;
}

export interface ReadCreateOptions extends ReadCoreOptions {
  readonly signal: AbortSignal | undefined;
  readonly monitor: LanguageModelCreateOptions['monitor'];
  readonly initialPrompts: ReadPrompt['messages'];
}

/** Reads what `availability` takes. @throws TypeError; RangeError for what is no language tag */
export function readCoreOptions(given: LanguageModelCreateCoreOptions | undefined): ReadCoreOptions {
  const { samplingMode = 'balanced', expectedInputs, expectedOutputs, tools } = dictionary(given, 'options');
  const inputs = readExpected(expectedInputs, 'expectedInputs');
  const outputs = readExpected(expectedOutputs, 'expectedOutputs');
  const read = tools === undefined ? {} : readTools(tools);
  return {
    demands: {
      inputTypes: inputs.types,
      outputTypes: outputs.types,
      languages: [...new Set([...inputs.languages, ...outputs.languages])],
    },
    samplingMode: oneOf(samplingModes, samplingMode, 'samplingMode'),
    tools: Object.keys(read).length > 0 ? read : undefined,
  };
}

/** Reads what `create` takes. @throws as {@link readCoreOptions} and `readPrompt` do */
export function readCreateOptions(given: LanguageModelCreateOptions | undefined): ReadCreateOptions {
  const core = readCoreOptions(given);
  const options = dictionary(given, 'options');
  const { monitor, initialPrompts = [] } = options;
  if (monitor !== undefined && typeof monitor !== 'function') throw new TypeError('monitor is no function.');
  const messages = sequence(initialPrompts, 'initialPrompts');
  // An empty list is no prompt here: nobody has said anything yet.
  const read = messages.length > 0 ? readPrompt(messages).messages : [];
  refuseLateSystem(read, true);
  return { ...core, signal: signalOf(options), monitor, initialPrompts: read };
}

function readExpected(
  given: Iterable<LanguageModelExpected> | undefined,
  name: string,
): { types: string[]; languages: string[] } {
  const expected = given === undefined ? [] : sequence(given, name);
  const read = expected.map((each) => {
    const { type, languages = [] } = dictionary(each, `An item of ${name}`);
    return {
      type: oneOf(messageTypes, type, `The type of an item of ${name}`),
      languages: Intl.getCanonicalLocales(sequence(languages, `languages of ${name}`).map((tag) => `${tag}`)),
    };
  });
  return { types: read.map(({ type }) => type), languages: read.flatMap(({ languages }) => languages) };
}
