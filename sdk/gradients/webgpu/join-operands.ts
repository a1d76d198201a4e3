import type { DispatchDraft } from './dispatch-draft.ts';

/**
 * WebGPU lets a kernel bind no buffer twice where one of the two is written. So operands of one buffer, work in place too, become one
 * variable of the kernel: the written one. Kernels name operands as `name[index]` only.
 */
export function joinOperands(code: string, operands: DispatchDraft['operands']): string {
  const declarations = [...code.matchAll(/@group\(0\)@binding\(\d+\)var<storage,(\w+)>(\w+):array<f32>;/g)].map(
    ([text, access, name]) => ({ text, name, isWritten: access === 'read_write', buffer: operands[name]?.buffer }),
  );
  const gone = new Set<string>();
  let joined = code;
  for (const kept of declarations.filter(({ isWritten }) => isWritten)) {
    if (gone.has(kept.name)) continue;
    for (const { text, name, buffer } of declarations) {
      if (name === kept.name || buffer !== kept.buffer) continue;
      gone.add(name);
      joined = joined.replace(text, '').replace(new RegExp(`\\b${name}\\b(?=\\[)`, 'g'), kept.name);
    }
  }
  return joined;
}
