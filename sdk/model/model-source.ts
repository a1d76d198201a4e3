/** File name → contents: a folder that the user dropped, a test fixture, files that a bundler placed. */
export type ModelFiles = Readonly<Record<string, Blob | ArrayBuffer | Uint8Array | URL>>;

/**
 * Where a model is: a hub id (`'openai-community/gpt2'`, `'owner/name@revision'`), the address of a
 * folder (a string or URL; in Node also a path), or the files themselves. Of a GGUF file, its address or path, the hub's
 * `'owner/name/file.gguf'`, or what it is quantised to: `'owner/name:Q4_K_M'`.
 */
export type ModelSource = string | URL | ModelFiles;
