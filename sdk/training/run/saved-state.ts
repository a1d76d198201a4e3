import type { Executor } from '../../gradients/executor.ts';
import type { TrainingPlan } from '../../gradients/plan.ts';
import type { JobProgress } from '../training-job.ts';
import { parametersLength, readPieces } from './parameters.ts';
import type { RunState } from './run-state.ts';
import type { StateFiles, StateReader } from './state-files.ts';

// A file: eight bytes of magic, the header's length, the header as JSON (padded to four bytes), then floats: parameters, both moments, and the
// best parameters where there are any; last a checksum of all words before it. Little-endian, as every machine that runs WebAssembly.

const magic = new TextEncoder().encode('gptlet-t');
const trained = ['parameters', 'firstMoments', 'secondMoments'] as const;

/** What the header says. */
interface Header {
  readonly format: 1;
  /** Which of the two files is the later one. */
  readonly number: number;
  readonly length: number;
  readonly step: number;
  readonly misses: number;
  readonly history: readonly JobProgress[];
  readonly warnings: readonly string[];
  readonly best?: {
    readonly step: number;
    readonly heldLoss: number;
    readonly heldLogits: readonly (readonly (readonly number[])[])[];
  };
}

/** Adds words to a checksum (FNV-1a, a word at a time). */
function checksum(sum: number, bytes: Uint8Array): number {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  let hash = sum;
  for (let i = 0; i < words.length; i++) hash = Math.imul(hash ^ words[i], 0x01000193);
  return hash >>> 0;
}
const noWords = 0x811c9dc5;

/** Keeps the states of one run in its two files. */
export class SavedStates {
  readonly #files: StateFiles;
  #number = 0;

  constructor(files: StateFiles) {
    this.#files = files;
  }

  /** Writes the state over the older one of the two. */
  async save(executor: Executor, plan: TrainingPlan, state: RunState): Promise<void> {
    const number = this.#number + 1;
    const writer = await this.#files.create((number % 2) as 0 | 1);
    try {
      let sum = noWords;
      const write = async (bytes: Uint8Array): Promise<void> => {
        sum = checksum(sum, bytes);
        await writer.write(bytes);
      };
      const length = parametersLength(plan);
      await write(encodeHeader(number, length, state));
      for (const buffer of trained) {
        for await (const piece of readPieces(executor, buffer, length)) await write(bytesOf(piece));
      }
      if (state.best) await write(bytesOf(state.best.parameters));
      await writer.write(new Uint8Array(Uint32Array.of(sum).buffer));
    } finally {
      await writer.close();
    }
    this.#number = number;
  }

  /** Brings the later whole state back into the executor's buffers. @returns undefined where there is none */
  async restore(executor: Executor, plan: TrainingPlan): Promise<RunState | undefined> {
    const length = parametersLength(plan);
    const found: { slot: 0 | 1; header: Header }[] = [];
    for (const slot of [0, 1] as const) {
      const header = await this.#read(slot, (reader) => readHeader(reader, length)).catch(() => undefined);
      if (header) found.push({ slot, header });
    }
    found.sort((a, b) => b.header.number - a.header.number);
    for (const { slot, header } of found) {
      if (!(await this.#read(slot, isWhole).catch(() => false))) continue;
      const best = await this.#read(slot, (reader) => bringBack(reader, executor, length));
      this.#number = header.number;
      return decodeState(header, best);
    }
    return undefined;
  }

  remove(): Promise<void> {
    return this.#files.remove();
  }

  async #read<T>(slot: 0 | 1, read: (reader: StateReader) => Promise<T>): Promise<T | undefined> {
    const reader = await this.#files.open(slot);
    try {
      return reader && (await read(reader));
    } finally {
      await reader?.close();
    }
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

function encodeHeader(number: number, length: number, { best, ...state }: RunState): Uint8Array {
  const header: Header = {
    format: 1,
    number,
    length,
    ...state,
    ...(best && {
      best: {
        step: best.step,
        heldLoss: best.heldLoss,
        heldLogits: best.heldLogits.map((rows) => rows.map((row) => Array.from(row))),
      },
    }),
  };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(json.length / 4) * 4;
  const bytes = new Uint8Array(magic.length + 4 + padded).fill(0x20);
  bytes.set(magic);
  new DataView(bytes.buffer).setUint32(magic.length, padded, true);
  bytes.set(json, magic.length + 4);
  return bytes;
}

/** @returns undefined for a file that is not one of these, or is cut off */
async function readHeader(reader: StateReader, length: number): Promise<Header | undefined> {
  const first = magic.length + 4;
  if (reader.size < first) return undefined;
  const head = await reader.read(0, first);
  if (magic.some((byte, i) => head[i] !== byte)) return undefined;
  const headerLength = new DataView(head.buffer, head.byteOffset).getUint32(magic.length, true);
  if (reader.size < first + headerLength) return undefined;
  try {
    const header = JSON.parse(new TextDecoder().decode(await reader.read(first, headerLength))) as Header;
    const floats = (trained.length + (header.best ? 1 : 0)) * length;
    const isOurs = header.format === 1 && header.length === length;
    return isOurs && reader.size === first + headerLength + 4 * floats + 4 ? header : undefined;
  } catch {
    return undefined;
  }
}

async function isWhole(reader: StateReader): Promise<boolean> {
  let sum = noWords;
  for (let at = 0; at < reader.size - 4; at += pieceBytes)
    sum = checksum(sum, await readAligned(reader, at, Math.min(pieceBytes, reader.size - 4 - at)));
  const said = await readAligned(reader, reader.size - 4, 4);
  return new Uint32Array(said.buffer, said.byteOffset, 1)[0] === sum;
}

const pieceBytes = 4 << 20;

const readAligned = async (reader: StateReader, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> => {
  const bytes = await reader.read(offset, length);
  return bytes.byteOffset % 4 === 0 ? (bytes as Uint8Array<ArrayBuffer>) : bytes.slice();
};

/** Writes what a whole file holds into the executor. @returns the best parameters, where they are there */
async function bringBack(reader: StateReader, executor: Executor, length: number): Promise<Float32Array | undefined> {
  const head = await reader.read(magic.length, 4);
  let at = magic.length + 4 + new DataView(head.buffer, head.byteOffset).getUint32(0, true);
  const pieces = async (take: (values: Float32Array, offset: number) => void): Promise<void> => {
    for (let offset = 0; offset < length; offset += pieceBytes / 4) {
      const count = Math.min(pieceBytes / 4, length - offset);
      const bytes = await readAligned(reader, at, 4 * count);
      take(new Float32Array(bytes.buffer, bytes.byteOffset, count), offset);
      at += 4 * count;
    }
  };
  for (const buffer of trained) await pieces((values, offset) => executor.write(buffer, values, offset));
  if (at === reader.size - 4) return undefined;
  const best = new Float32Array(length);
  await pieces((values, offset) => best.set(values, offset));
  return best;
}

function decodeState({ step, misses, history, warnings, best }: Header, parameters?: Float32Array): RunState {
  return {
    step,
    misses,
    history: [...history],
    warnings: [...warnings],
    best: best &&
      parameters && {
        ...best,
        parameters,
        heldLogits: best.heldLogits.map((rows) => rows.map((row) => Float32Array.from(row))),
      },
  };
}
