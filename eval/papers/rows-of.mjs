/**
 * Rows of [where, task, figure, command, ours?] of one paper, `model` standing for its weights in the command. `ours` is what the
 * embedded model is measured on: the same task where the data are at hand, or one like it.
 */
export const rowsOf = (paper, model, rows) =>
  rows.map(([where, task, figure, command, ours]) => ({
    ...{ paper, where, task, figure, ours },
    command: `${command} --model ${model}`,
  }));

/** Options of a command that takes shots from training data. */
export const few = (file, shots, train) => `--file ${file} --shots ${shots} --train ${train}`;

/** How GPT-3's choices are scored where it does not say. */
export const choiceMetric = 'accuracy, normalised by unconditional';
