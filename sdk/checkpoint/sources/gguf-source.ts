/** `owner/name/file.gguf` and `owner/name@revision/folder/file.gguf`. */
export const hubGgufPattern: RegExp = /^([\w.-]+\/[\w.-]+(?:@(?:refs\/\w+\/)?[\w.-]+)?)(?:\/(.+\.gguf)|(:[\w.-]+))$/;

/** The folder before a path's last slash, and the GGUF file behind it; undefined for any other path. */
export function splitGguf(path: string): [folder: string, file: string] | undefined {
  const [, folder, file] = /^(.*[/\\])?([^/\\]+\.gguf)$/i.exec(path) ?? [];
  return file === undefined ? undefined : [folder ?? '.', file];
}
