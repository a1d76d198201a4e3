import { add, AddStep } from './add';
import { barrier } from './barrier';
import { Machine, Program, Step } from './machine';

/** Runs a phase's steps on one thread, as all others do at the same time. */
export function runSteps(program: Program, thread: i32): void {
  const m = changetype<Machine>(program.machines + <usize>thread * offsetof<Machine>());
  const end = program.end;
  for (let at = program.steps; at < end; at += <usize>changetype<Step>(at).bytes) {
    const step = changetype<Step>(at);
    const rows = rowsOf(step, program);
    if (rows <= 0) continue;
    runKernel(step.kernel, at + offsetof<Step>(), rows, m);
    barrier(m);
  }
}

/** How many rows a step has in this run. */
function rowsOf(step: Step, program: Program): i32 {
  if (step.rowsOf == 0) return step.most;
  return min(step.most, (step.rowsOf == 1 ? program.tokens : program.outputs) - step.first);
}

/** Numbers are those of sdk/gradients/wasm/kernel-table.ts. */
function runKernel(kernel: i32, s: usize, rows: i32, m: Machine): void {
  switch (kernel) {
    case 17:
      add(changetype<AddStep>(s), rows, m);
      break;
  }
}
