/** A JSON schema as a plain object. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * A schema of a library (zod, Valibot, ArkType …) that says itself what JSON schema it is: https://standardschema.dev/json-schema.
 * zod does from 4.2 on; of others, give the JSON schema that they make.
 */
export interface StandardJsonSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly jsonSchema: { readonly input: (options: { readonly target: string }) => Record<string, unknown> };
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string }[] };

/** What the model may call. */
export interface Tool {
  /** What it does and when to use it, in words for the model. */
  readonly description?: string;
  /** What its arguments are, an object's schema; what the model writes always follows it. @default no arguments */
  readonly parameters?: JsonSchema | StandardJsonSchema;
  /**
   * Runs the call; what it returns goes back to the model, a text as it is, all else as JSON, and so does the message of an error
   * that it throws. Without it the call is handed to whoever asked.
   */
  // biome-ignore lint/suspicious/noExplicitAny: arguments have the type of `parameters`, which a record of tools cannot say
  readonly execute?: (args: any, call: { readonly id: string; readonly signal: AbortSignal }) => unknown;
}

/** By the names under which the model calls them: letters, digits, `_`, `-` and `.`. */
export type Tools = Readonly<Record<string, Tool>>;

/**
 * 'auto': the model decides; 'none': it has none to call; 'required': it calls at least one; an object: it calls this one. With the
 * last two a call stands at the beginning of the first answer; after the results of tools it is free.
 */
export type ToolChoice = 'auto' | 'none' | 'required' | { readonly tool: string };
