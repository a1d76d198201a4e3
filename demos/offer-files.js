/** Links to files that a training gave, in place of those of the one before. @param {HTMLElement} place @param {Readonly<Record<string, Uint8Array<ArrayBuffer>>>} files */
export function offerFiles(place, files) {
  for (const link of place.querySelectorAll('a')) URL.revokeObjectURL(link.href);
  place.replaceChildren(
    ...Object.entries(files).map(([name, bytes]) => {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([bytes]));
      link.download = name;
      link.textContent = `${name}, ${(bytes.length / 1000).toFixed(1)} kB`;
      return link;
    }),
  );
}
