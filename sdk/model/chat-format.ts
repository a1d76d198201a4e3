/** How a checkpoint writes a conversation down. */
export interface ChatFormat {
  /** Jinja templates by name, 'default' among them; empty where the checkpoint has none. */
  readonly templates: Readonly<Record<string, string>>;
  /** Texts of special tokens by the names that templates know them by: `bos_token`, `eos_token` and the like. */
  readonly tokens: Readonly<Record<string, string>>;
}

/** Of a model that has never heard of conversations. */
export const noChatFormat: ChatFormat = { templates: {}, tokens: {} };
