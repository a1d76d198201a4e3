import type { ToolCall } from '../loaded-model/message.ts';
import { AnswerCut, type AnswerWriter } from './answer-writer.ts';
import { callId } from './call-id.ts';
import { ModelCallWriter } from './model-call-writer.ts';
import type { NamedTool, ToolNotation } from './notations/tool-notation.ts';

/** Calls of one answer at most; a model that goes on and on is ended there. */
const mostCalls = 32;
/** Tokens within which a call begins, or does not come. */
const within = 8;

/**
 * Has the model write a call, and those that it puts behind it.
 *
 * @param begin what begins the first one, and is there already
 * @param several whether more than one may come
 * @throws AnswerCut where the tokens do not suffice; the calls that were whole have been told
 */
export async function writeCalls(
  writer: AnswerWriter,
  notation: ToolNotation,
  begin: string,
  tools: readonly NamedTool[],
  several: boolean,
  onCall: (call: ToolCall) => void,
): Promise<void> {
  let count = 0;
  for (let next: string | undefined = begin; next !== undefined; ) {
    for (const written of await notation.write(new ModelCallWriter(writer), next, tools)) {
      onCall({ id: callId(), name: written.name, arguments: written.arguments });
      count++;
    }
    writer.end();
    next =
      several && !notation.onlyFirst && count < mostCalls
        ? await beginsCall(writer, notation).catch(unlessCut)
        : undefined;
  }
}

/** What begins a call, should the model write one now; it is then there. */
export async function beginsCall(writer: AnswerWriter, { begins }: ToolNotation): Promise<string | undefined> {
  const { text, stopText } = await writer.peek({ stop: [...begins], maxNewTokens: within });
  if (stopText === undefined || text.trim() !== '') return undefined;
  writer.force(text + stopText);
  return stopText;
}

/** Where no tokens are left for another call, those before it stand. */
function unlessCut(error: unknown): undefined {
  if (!(error instanceof AnswerCut) || error.reason === 'aborted') throw error;
}
