import type { TrainingPlan } from '../plan.ts';
import type { Step, View } from '../step.ts';
import { blockBackward, blockForward } from './block.ts';
import { embeddingBackward, embeddingForward } from './embedding.ts';
import { Graph } from './graph.ts';
import { labelLoss } from './label-loss.ts';
import { languageLoss } from './language-loss.ts';
import { normBackward, normForward, streamNorm } from './norm.ts';
import { clearSteps, updateSteps } from './optimiser.ts';
import type { PlanOptions } from './plan-options.ts';

/**
 * The training of a model as data: forward pass, losses, backward pass and optimiser. Besides the buffers of every plan (plan.ts) there is
 * `headLogits` (mostOutputs, labels) of the last run, where there is a head. Weights come by `setTensor`, the tables of `rotaryTables` too.
 */
export function createPlan(options: PlanOptions): TrainingPlan {
  const graph = new Graph(options);
  addInputs(graph);
  const phases = {
    clear: clearSteps(graph),
    gradients: gradientSteps(graph),
    forward: [...forwardSteps(graph, false), ...lossSteps(graph, undefined)],
    update: updateSteps(graph),
  };
  const { parameters, matrices, frozen } = graph.weights;
  const { mostTokens, mostOutputs } = options;
  return { buffers: graph.memory.buffers, matrices, parameters, frozen, phases, mostTokens, mostOutputs };
}

/** Forward, then back through each block as far down as something learns; with checkpointing each block is done again before. */
function gradientSteps(graph: Graph): Step[] {
  const { config, options, lowest } = graph;
  const { nLayer } = config;
  const forward = forwardSteps(graph, true);
  if (lowest >= 2 * nLayer) return [...forward, ...lossSteps(graph, {})];
  const d = graph.temporary('gradient', config.nEmbd);
  const back: Step[] = [];
  for (let block = nLayer - 1; block >= 0 && 2 * block + 1 >= lowest; block--) {
    const again = options.checkpointing && block < nLayer - 1;
    if (again) back.push(...blockForward(graph, block, { learning: true, again }));
    back.push(...blockBackward(graph, block, d));
  }
  return [
    ...forward,
    ...lossSteps(graph, { dHidden: d }),
    ...finalNormBackward(graph),
    ...back,
    ...embeddingBackward(graph, d),
  ];
}

/** From tokens to final hidden states. */
function forwardSteps(graph: Graph, learning: boolean): Step[] {
  const { config } = graph;
  const steps = embeddingForward(graph, learning);
  for (let block = 0; block < config.nLayer; block++) {
    steps.push(...blockForward(graph, block, { learning, again: false }));
  }
  if (!config.finalNorm) return steps;
  const { norm, stats, x } = finalNorm(graph);
  return [...steps, ...normForward(graph, norm, x, hiddenOf(graph), stats)];
}

function finalNormBackward(graph: Graph): Step[] {
  if (!graph.config.finalNorm) return [];
  const { norm, stats, x } = finalNorm(graph);
  const d = graph.temporary('gradient', graph.config.nEmbd);
  return normBackward(graph, norm, x, stats, d, d, false);
}

/** Losses of final hidden states, and where asked for their gradients. */
function lossSteps(graph: Graph, gradients: { readonly dHidden?: View } | undefined): Step[] {
  const { language, headKind } = graph.options;
  const hidden = hiddenOf(graph);
  const steps = language ? languageLoss(graph, hidden, gradients) : [];
  if (!headKind) return steps;
  if (!language && gradients?.dHidden) {
    const { buffer, offset, stride } = gradients.dHidden;
    const length = stride * graph.options.mostTokens;
    steps.push({ kernel: 'fill', at: { buffer, offset }, length, value: 0 });
  }
  return [...steps, ...labelLoss(graph, headKind, hidden, gradients)];
}

/** (N, C): what heads read. */
const hiddenOf = (graph: Graph): View =>
  graph.config.finalNorm ? graph.memory.tokens('hidden', graph.config.nEmbd) : graph.stream(graph.config.nLayer);

function finalNorm(graph: Graph) {
  const { nLayer } = graph.config;
  const stats = graph.memory.vector('finalNorm.stats', 2 * graph.options.mostTokens);
  return { norm: streamNorm(graph, 'finalNorm'), stats, x: graph.stream(nLayer) };
}

function addInputs({ memory, options, config }: Graph): void {
  const { mostTokens, mostOutputs, headKind, placesPerOutput = 1 } = options;
  for (const name of ['tokenIds', 'positions', 'sequenceStart', 'sequenceEnd', 'targets']) {
    memory.vector(name, mostTokens, 'i32');
  }
  memory.vector('targetWeights', mostTokens);
  if (!headKind) return;
  memory.vector('headRows', mostOutputs * placesPerOutput, 'i32');
  memory.vector('headGroups', 2 * mostOutputs, 'i32');
  memory.vector('headTargets', mostOutputs * (config.head?.labels.length ?? 1));
  memory.vector('headWeights', mostOutputs);
}
