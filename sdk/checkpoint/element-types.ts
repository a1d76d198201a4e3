/** What one element of a stored tensor may be, by safetensors' names, with its bytes. */
export const elementBytes: Readonly<Record<string, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
};

/** The types that weights may have; others occur in buffers that are not read. */
export const weightTypes: readonly string[] = ['F32', 'F16', 'BF16'];
