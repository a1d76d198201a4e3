/** Texts of the worker's error messages, by number; U+E001 stands where a value goes. A module that the build writes into dist/. */
export const errorTexts: readonly string[];
