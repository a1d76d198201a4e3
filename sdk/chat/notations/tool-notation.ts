import type { JsonSchema } from '../../loaded-model/tool.ts';

/** A tool as a notation sees it. */
export interface NamedTool {
  readonly name: string;
  /** Of its arguments: always an object's, with `properties`. */
  readonly parameters: JsonSchema;
}

/** A call that has been written. */
export interface WrittenCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** Writes text with the model, which draws only where something is open: so a call always has its form. */
export interface CallWriter {
  /** Puts text there without asking the model; texts of special tokens in it are those tokens. */
  force(text: string): void;
  /**
   * One of some texts, as the model likes best, which hold no special tokens. `end` is then there too, which may be one. Without it
   * none of the texts may begin with another.
   */
  choose(texts: readonly string[], end?: string): Promise<string>;
  /**
   * JSON of a schema, as text that always parses; a blank may stand before it. One of `ends` is then there too: only what comes next
   * tells where a number is whole. They hold no special tokens, and none of them ends with another.
   */
  json(
    schema: JsonSchema | boolean,
    ends?: readonly string[],
  ): Promise<{ readonly text: string; readonly end: string }>;
  /** Text up to the first `end`, which is then there and not part of it. */
  textUntil(end: string): Promise<string>;
}

/** How a family writes calls of tools into its text. */
export interface ToolNotation {
  /**
   * Texts with which a call, or a list of calls, begins; what the model writes after one of them is written by {@link write}. The
   * first is put there where a call has to come.
   */
  readonly begins: readonly string[];
  /** Whether those count only where nothing but white space stands before, as with plain JSON. */
  readonly onlyFirst?: boolean;
  /**
   * Writes what follows one of `begins`, to the end of the call or the list.
   *
   * @param several whether a list may hold more than one call
   */
  write(
    writer: CallWriter,
    begin: string,
    tools: readonly NamedTool[],
    several?: boolean,
  ): Promise<readonly WrittenCall[]>;
  /** A call as text, for templates that do not write down the calls of a conversation. Those of some families all do. */
  spell?(call: WrittenCall): string;
  /** Looks whether calls of a tool can be written at all. @throws GptletError INVALID_OPTION */
  check?(tool: NamedTool): void;
}
