import type { ModelSource } from '../checkpoint/open-source.ts';
import type { ChatOptions } from '../loaded-model/chat-options.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import type { LoadOptions } from '../loading/load-options.ts';
import { checkOptions } from '../options/check-options.ts';
import * as tables from '../options/table.ts';
import { abortable } from '../platform/abortable.ts';
import { Conversation } from './conversation.ts';
import { watchDownload } from './create-monitor.ts';
import type { Availability, LanguageModelCreateCoreOptions, LanguageModelCreateOptions } from './dictionaries.ts';
import { toDomException } from './errors.ts';
import { LanguageModel as Session } from './language-model.ts';
import { knowsLanguage } from './languages.ts';
import { type Demands, readCoreOptions, readCreateOptions } from './read-create-options.ts';
import { samplingOf } from './sampling-modes.ts';
import { type LoadOnDemand, SharedModel } from './shared-model.ts';

export interface LanguageModelSettings {
  /** A loaded model; one to load with the first session, by its name, address or files; or what loads it. */
  readonly model: GptModel | ModelSource | LoadOnDemand;
  /** How a source is loaded. */
  readonly loadOptions?: LoadOptions;
  /** Of every answer, for what a page cannot say by the Prompt API: `template`, `maxNewTokens`, `thinking`, `seed`. */
  readonly chatOptions?: Omit<ChatOptions, 'tools' | 'toolChoice' | 'constraint' | 'continueMessage' | 'signal'>;
  /** Tags of the languages that the model knows. @default every language that has a name */
  readonly languages?: readonly string[];
}

/** The class of sessions with a model; `create` makes them. */
export interface LanguageModelClass {
  readonly prototype: Session;
  /** Whether sessions with such options can be made, and whether the model is here yet. @throws TypeError, RangeError */
  availability(options?: LanguageModelCreateCoreOptions): Promise<Availability>;
  /**
   * A session. Loads the model where it is not here yet.
   *
   * @throws what https://webmachinelearning.github.io/prompt-api/#language-model-creation says; the reason of an abort
   */
  create(options?: LanguageModelCreateOptions): Promise<Session>;
}

/** A class of sessions, and what lets go of the model behind them. */
export interface BoundLanguageModel {
  readonly LanguageModel: LanguageModelClass;
  /** Frees a model that was loaded from a source; sessions end with it. */
  readonly dispose: () => Promise<void>;
}

/**
 * The Prompt API's `LanguageModel` with a model of one's own, without touching the global one.
 *
 * @throws GptletError INVALID_OPTION
 * @example
 * const { LanguageModel } = createLanguageModel({ model: 'HuggingFaceTB/SmolLM2-135M-Instruct' });
 * const session = await LanguageModel.create();
 * console.log(await session.prompt('Who are you?'));
 */
export function createLanguageModel(settings: LanguageModelSettings): BoundLanguageModel {
  const {
    model,
    loadOptions = {},
    chatOptions = {},
    languages,
  } = checkOptions(tables.languageModelOptions(), settings);
  // A slip of the pen is told here, and not when the first session is made.
  checkOptions<LoadOptions, ReturnType<typeof tables.loadOptions>>(tables.loadOptions(), loadOptions);
  checkOptions<ChatOptions, ReturnType<typeof tables.chatOptions>>(tables.chatOptions(), chatOptions);
  const shared = new SharedModel(model, loadOptions);

  const availabilityFor = async (demands: Demands): Promise<Availability> =>
    isMet(demands, languages) ? shared.availability() : 'unavailable';

  class LanguageModel extends Session {
    static async availability(options?: LanguageModelCreateCoreOptions): Promise<Availability> {
      const { demands } = readCoreOptions(options);
      try {
        return await availabilityFor(demands);
      } catch (error) {
        throw toDomException(error, 'UnknownError');
      }
    }

    static async create(given?: LanguageModelCreateOptions): Promise<Session> {
      const { signal, monitor, demands, samplingMode, tools, initialPrompts } = readCreateOptions(given);
      signal?.throwIfAborted();
      const onFraction = watchDownload(monitor, signal);
      const begin = async (): Promise<Session> => {
        const availability = await availabilityFor(demands);
        if (availability === 'unavailable')
          throw new DOMException('There is no model for these options here.', 'NotSupportedError');
        if (availability === 'downloadable' && isUntouched())
          throw new DOMException(
            'A download wants a sign of the user, a click or a key, before create() is called.',
            'NotAllowedError',
          );
        onFraction(0);
        const loaded = await shared.load(onFraction);
        onFraction(1);
        const settings = {
          model: loaded,
          chatOptions: { ...chatOptions, ...samplingOf(samplingMode, loaded, chatOptions), tools },
        };
        const conversation = await Conversation.begin(settings, initialPrompts);
        // Whoever hears of the end of the download may still abort.
        await new Promise((resolve) => setTimeout(resolve));
        return new LanguageModel(conversation, samplingMode, signal);
      };
      try {
        return await abortable(begin(), signal);
      } catch (error) {
        throw signal?.aborted ? signal.reason : toDomException(error, 'OperationError');
      }
    }
  }

  return { LanguageModel, dispose: () => shared.dispose() };
}

/** Whether the user has not done anything on this page yet; false where browsers do not tell. */
const isUntouched = (): boolean =>
  (globalThis.navigator as Partial<Navigator> | undefined)?.userActivation?.hasBeenActive === false;

/** Whether a model that reads and writes text does. */
const isMet = ({ inputTypes, outputTypes, languages }: Demands, known: readonly string[] | undefined): boolean =>
  inputTypes.every((type) => ['text', 'tool-call', 'tool-response'].includes(type)) &&
  outputTypes.every((type) => ['text', 'tool-call'].includes(type)) &&
  languages.every((tag) => knowsLanguage(known, tag));
