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
  /** One of some texts, as the model likes best. */
  choose(texts: readonly string[]): Promise<string>;
  /** JSON of a schema, as text that always parses. */
  json(schema: JsonSchema | boolean): Promise<string>;
  /** Text up to the first `end`, which is then there and not part of it. */
  textUntil(end: string): Promise<string>;
}

/** How a family writes calls of tools into its text. */
export interface ToolNotation {
  /** Texts with which a call, or a list of calls, begins; what the model writes after one of them is written by {@link write}. */
  readonly begins: readonly string[];
  /** Whether those count only where nothing but white space stands before, as with plain JSON. */
  readonly onlyFirst?: boolean;
  /** Writes what follows one of `begins`, to the end of the call or the list. */
  write(writer: CallWriter, begin: string, tools: readonly NamedTool[]): Promise<readonly WrittenCall[]>;
}
