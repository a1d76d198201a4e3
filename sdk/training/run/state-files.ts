/** Two files of one run, written in turn: while one is written, the other is whole. */
export interface StateFiles {
  /** Opens a file to be read; undefined where there is none. */
  open(slot: 0 | 1): Promise<StateReader | undefined>;
  /** Begins a file anew. @throws where storage is refused or full, or another tab trains the same */
  create(slot: 0 | 1): Promise<StateWriter>;
  /** Removes both. */
  remove(): Promise<void>;
}

export interface StateReader {
  readonly size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

export interface StateWriter {
  /** Adds bytes, which may change once the promise has resolved. */
  write(bytes: Uint8Array): Promise<void>;
  /** Makes sure that what was written is there. */
  close(): Promise<void>;
}

/** Files in memory, for a machine (a GPU) that can be lost while this thread lives on. */
export function memoryStates(): StateFiles {
  const files: (Uint8Array[] | undefined)[] = [undefined, undefined];
  return {
    async open(slot) {
      const pieces = files[slot];
      if (!pieces) return undefined;
      const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
      let at = 0;
      for (const piece of pieces) {
        whole.set(piece, at);
        at += piece.length;
      }
      return {
        size: whole.length,
        read: async (offset, length) => whole.slice(offset, offset + length),
        close: async () => {},
      };
    },
    async create(slot) {
      const pieces: Uint8Array[] = [];
      files[slot] = undefined;
      return {
        write: async (bytes) => {
          pieces.push(bytes.slice());
        },
        close: async () => {
          files[slot] = pieces;
        },
      };
    },
    async remove() {
      files.fill(undefined);
    },
  };
}
