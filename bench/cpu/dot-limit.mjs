import { compileAssembly } from './compile-assembly.mjs';

/** Bytes of a module that exports dots16(steps), dotsBytes(steps), dotsSplit(steps) and dotsPaired(steps), see dot-limit.as. */
export const compileDotLimit = (folder) => compileAssembly('dot-limit', folder, ['--enable', 'relaxed-simd']);
