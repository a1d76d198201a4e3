// The structs of wasm/gradients/machine.ts: fields in their order, four bytes each.

/** Byte offset of each field of `Program`. */
const program = {
  threads: 0,
  ready: 28,
  quit: 24,
  relaxed: 32,
  machines: 36,
  steps: 40,
  end: 44,
  tokens: 48,
  outputs: 52,
  dropoutSeed: 56,
  learningRate: 60,
  correction1: 64,
  correction2: 68,
} as const;

export const programBytes = 72;
/** `program`, `thread`, `threads`, `scratch`, `shared`. */
export const machineBytes = 20;

type ProgramField = keyof typeof program;

export const programField = (address: number, field: ProgramField): number => address + program[field];

/** Writes fields of the program at `address`; the last three are floats. */
export function writeProgram(
  memory: WebAssembly.Memory,
  address: number,
  values: { readonly [field in ProgramField]?: number },
): void {
  const view = new DataView(memory.buffer);
  for (const [field, value] of Object.entries(values)) {
    const at = programField(address, field as ProgramField);
    view.setInt32(at, at < programField(address, 'learningRate') ? value : floatWord(value), true);
  }
}

const bits = new DataView(new ArrayBuffer(4));

/** An f32 as a word. */
export function floatWord(value: number): number {
  bits.setFloat32(0, value);
  return bits.getInt32(0);
}
