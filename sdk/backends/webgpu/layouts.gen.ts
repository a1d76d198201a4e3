// Written by scripts/generate-shaders.mjs from shaders/. Do not edit.

/** Byte offsets of the members of every struct. */
export const structOffsets = {
  Run: { position: 0, count: 4, row: 8, step: 12, tokens: 16 },
  Settings: { window: 0, scale: 4, capacity: 8, base: 12 },
} as const;
