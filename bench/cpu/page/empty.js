// What a page takes that loads nothing.
export const load = async () => ({ loadedMs: 0, readyMs: 0 });
