import { ActivateGradientStep, ActivateStep, activate, activateGradient } from './activate';
import { AddStep, add } from './add';
import { attention } from './attention';
import { attentionGradient } from './attention-gradient';
import { AttendedStep, AttentionGradientStep } from './attention-steps';
import { barrier } from './barrier';
import { BiasGradientStep, biasGradient } from './bias-gradient';
import {
  ConvolutionGradientStep, ConvolutionStep, convolution, convolutionGradient, convolutionWeightGradient,
} from './convolution';
import { CrossEntropyStep, crossEntropy } from './cross-entropy';
import { DropoutStep, dropout } from './dropout';
import { EmbedGradientStep, EmbedStep, embed, embedGradient } from './embed';
import { FillStep, fill, SumStep, sum } from './fill';
import { GatherStep, gather, scatter } from './gather';
import { LabelLossStep, labelLoss } from './label-loss';
import { Machine, Program, Step } from './machine';
import { NormStep, norm } from './norm';
import { NormGradientStep, NormWeightGradientStep, normGradient, normWeightGradient } from './norm-gradient';
import { AdamWStep, adamW, SquareSumStep, squareSum } from './optimiser';
import { MatmulGradientStep, MatmulStep, matmul, matmulGradient, WeightGradientStep, weightGradient } from './products';
import { RotateStep, rotate } from './rotate';
import { useRelaxed } from './tile';

/** Runs a phase's steps on one thread, as all others do at the same time. */
export function runSteps(program: Program, thread: i32): void {
  const m = changetype<Machine>(program.machines + <usize>thread * offsetof<Machine>());
  const end = program.end;
  useRelaxed(program.relaxed != 0);
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
    case 0: return embed(changetype<EmbedStep>(s), rows, m);
    case 1: return embedGradient(changetype<EmbedGradientStep>(s), rows, m);
    case 2: return norm(changetype<NormStep>(s), rows, m);
    case 3: return normGradient(changetype<NormGradientStep>(s), rows, m);
    case 4: return normWeightGradient(changetype<NormWeightGradientStep>(s), rows, m);
    case 5: return matmul(changetype<MatmulStep>(s), rows, m);
    case 6: return matmulGradient(changetype<MatmulGradientStep>(s), rows, m);
    case 7: return weightGradient(changetype<WeightGradientStep>(s), rows, m);
    case 8: return biasGradient(changetype<BiasGradientStep>(s), rows, m);
    case 9: return rotate(changetype<RotateStep>(s), rows, m);
    case 10: return attention(changetype<AttendedStep>(s), rows, m);
    case 11: return attentionGradient(changetype<AttentionGradientStep>(s), rows, m);
    case 12: return activate(changetype<ActivateStep>(s), rows, m);
    case 13: return activateGradient(changetype<ActivateGradientStep>(s), rows, m);
    case 14: return convolution(changetype<ConvolutionStep>(s), rows, m);
    case 15: return convolutionGradient(changetype<ConvolutionGradientStep>(s), rows, m);
    case 16: return convolutionWeightGradient(changetype<ConvolutionStep>(s), rows, m);
    case 17: return add(changetype<AddStep>(s), rows, m);
    case 18: return dropout(changetype<DropoutStep>(s), rows, m);
    case 19: return gather(changetype<GatherStep>(s), rows, m);
    case 20: return scatter(changetype<GatherStep>(s), rows, m);
    case 21: return crossEntropy(changetype<CrossEntropyStep>(s), rows, m);
    case 22: return labelLoss(changetype<LabelLossStep>(s), rows, m);
    case 23: return sum(changetype<SumStep>(s), rows, m);
    case 24: return fill(changetype<FillStep>(s), rows, m);
    case 25: return squareSum(changetype<SquareSumStep>(s), rows, m);
    case 26: return adamW(changetype<AdamWStep>(s), rows, m);
  }
}
