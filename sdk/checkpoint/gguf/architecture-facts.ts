import type { GgufMetadata } from './gguf-metadata.ts';

/** A config in the hub's form. */
export type RawConfig = Readonly<Record<string, unknown>>;

/** What an architecture's metadata are read with: keys without the architecture's name before them. */
export interface ArchitectureFacts {
  readonly metadata: GgufMetadata;
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
  /** Width of a head. */
  readonly headSize: number;
  /** Keys' and values' heads in each layer; 0 where a layer has no attention. */
  readonly kvHeads: readonly number[];
  number(key: string): number | undefined;
  /** As number, for what every file of the architecture has. */
  needed(key: string): number;
  string(key: string): string | undefined;
  /** Whether the file holds a tensor. */
  holds(name: string): boolean;
  /** The values of a small tensor that says how rotary positions are scaled. */
  factors(name: string): readonly number[] | undefined;
}
