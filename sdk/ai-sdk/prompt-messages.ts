import type {
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4TextPart,
  LanguageModelV4ToolResultOutput,
  LanguageModelV4ToolResultPart,
  SharedV4Warning,
} from '@ai-sdk/provider';
import type { AssistantMessage, Message, TextContent, ToolCall, ToolMessage } from '../loaded-model/message.ts';
import { unsupported } from './sdk-errors.ts';

type AssistantContent = Extract<LanguageModelV4Message, { role: 'assistant' }>['content'];
type Warn = (warning: SharedV4Warning) => void;

/**
 * The messages of a prompt. What the model cannot read is refused where the user or a tool gave it, and left out with a warning where
 * another model made it.
 *
 * @throws UnsupportedFunctionalityError (of `ai`) for files
 */
export const promptMessages = (prompt: LanguageModelV4Prompt, warn: Warn): Message[] =>
  prompt.flatMap((message) => messagesOf(message, warn));

function messagesOf(message: LanguageModelV4Message, warn: Warn): Message[] {
  switch (message.role) {
    case 'system':
      return [{ role: 'system', content: message.content }];
    case 'user':
      return [{ role: 'user', content: message.content.map(textContent) }];
    case 'assistant':
      return assistantMessages(message.content, warn);
    case 'tool':
      // The other kind of part approves what a server's own tools do; here there are none.
      return message.content.flatMap((part) => (part.type === 'tool-result' ? [toolMessage(part)] : []));
  }
}

function textContent(part: LanguageModelV4TextPart | LanguageModelV4FilePart): TextContent {
  return { type: 'text', text: part.type === 'text' ? part.text : fileText(part) };
}

/** A file that is text already is read as such. */
function fileText({ data, mediaType }: Pick<LanguageModelV4FilePart, 'data' | 'mediaType'>): string {
  if (data.type === 'text') return data.text;
  throw unsupported(
    `file of type ${mediaType}`,
    `The conversation holds a file of type ${mediaType}, and models of gptlet read text only; give what it says as text, or leave it out.`,
  );
}

/** One message, or several where results stand in between: a server's tools are called and answered within one turn. */
function assistantMessages(content: AssistantContent, warn: Warn): Message[] {
  const messages: Message[] = [];
  let [text, reasoning, toolCalls] = ['', '', [] as ToolCall[]];
  const close = (): void => {
    messages.push(assistantMessage(text, reasoning, toolCalls));
    [text, reasoning, toolCalls] = ['', '', []];
  };
  for (const [i, part] of content.entries()) {
    switch (part.type) {
      case 'text':
        text += part.text;
        break;
      case 'reasoning':
        reasoning += part.text;
        break;
      case 'tool-call':
        toolCalls.push({ id: part.toolCallId, name: part.toolName, arguments: argumentsOf(part.input) });
        break;
      case 'tool-result':
        if (content[i - 1]?.type !== 'tool-result') close();
        messages.push(toolMessage(part));
        break;
      default:
        warn({
          type: 'unsupported',
          feature: `'${part.type}' of an assistant`,
          details: 'Models of gptlet read text only: it was left out.',
        });
    }
  }
  if (content.at(-1)?.type !== 'tool-result') close();
  return messages;
}

const assistantMessage = (content: string, reasoning: string, toolCalls: ToolCall[]): AssistantMessage => ({
  role: 'assistant',
  content,
  ...(reasoning && { reasoning }),
  ...(toolCalls.length > 0 && { toolCalls }),
});

/** A call that another model spoilt has whatever it wrote for its arguments. */
function argumentsOf(input: unknown): Readonly<Record<string, unknown>> {
  const isObject = typeof input === 'object' && input !== null && !Array.isArray(input);
  return isObject ? (input as Record<string, unknown>) : { input };
}

const toolMessage = ({ toolCallId, output }: LanguageModelV4ToolResultPart): ToolMessage => ({
  role: 'tool',
  toolCallId,
  content: resultText(output),
});

function resultText(output: LanguageModelV4ToolResultOutput): string {
  switch (output.type) {
    case 'text':
    case 'error-text':
      return output.value;
    case 'json':
    case 'error-json':
      return JSON.stringify(output.value);
    case 'execution-denied':
      return output.reason ?? 'The user did not allow this call.';
    case 'content':
      return output.value.map((part) => (part.type === 'text' ? part.text : resultFile(part))).join('\n');
  }
}

type ResultPart = Extract<LanguageModelV4ToolResultOutput, { type: 'content' }>['value'][number];

function resultFile(part: Exclude<ResultPart, { type: 'text' }>): string {
  if (part.type === 'file') return fileText(part);
  throw unsupported(
    `'${part.type}' of a tool's result`,
    `A tool's result holds a part of type '${part.type}', and models of gptlet read text only; give it as text.`,
  );
}
