import { barrier as meet } from '../kernels/barrier';
import { Machine, Program } from './machine';

/** Returns when all threads have come here; what they wrote before is seen by all after. The machine has one after each step. */
export function barrier(m: Machine): void {
  meet<Program>(m.program);
}
