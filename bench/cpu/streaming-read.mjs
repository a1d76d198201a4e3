import { compileAssembly } from './compile-assembly.mjs';

/** The SIMD sum compiled: bytes of a module that imports env.memory and exports sum(from, bytes). */
export const compileStreamingRead = (folder) => compileAssembly('streaming-read', folder, ['--importMemory']);
