"""The running average of a model's weights, which is steadier than the weights of any one step."""

import copy

EVERY = 5  # steps; it reads all weights, as a step of the optimizer does


class RunningAverage:
    """`model` is the average over about the last `steps` steps; with 0 it is the model itself."""

    def __init__(self, model, steps):
        self.source, self.steps = model, steps
        self.model = copy.deepcopy(model) if steps else model

    def follow(self, step):
        """Call after each step, counted from 1."""
        if not self.steps or step % EVERY:
            return
        share = min(1.0, EVERY / min(self.steps, step))  # of a young run, the mean of all so far
        for kept, now in zip(self.model.parameters(), self.source.parameters()):
            kept.data.lerp_(now.data, share)
