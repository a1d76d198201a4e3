// How many rows the step does in this run: those of a fixed number, of tokens or of outputs (`counted`) from `first` on.
fn row_count() -> u32 {
  if (task.counted == 0) { return task.most; }
  let all = select(run.outputs, run.tokens, task.counted == 1);
  return min(max(all, task.first) - task.first, task.most);
}
