"""Data-parallel gradients by threads: each takes part of the batch, and they meet once a step.

PyTorch's own threads meet at the end of every operation, hundreds of times a step; where other
programs use the machine too, one of them is always waiting to be scheduled. Run with
OMP_NUM_THREADS=1 (fast-malloc.sh sets it), so that each thread here computes alone.
"""

from concurrent.futures import ThreadPoolExecutor

import torch


class ParallelGradients:
    def __init__(self, parameters, threads):
        self.parameters = list(parameters)
        self.threads = threads
        self.pool = ThreadPoolExecutor(threads)

    def run(self, losses):
        """losses: functions, each giving the loss of one part of the batch and the figure to report of it;
        sets .grad to the mean gradient and gives the mean figure. Parts are taken to be of equal size."""

        def part(loss_of):
            loss, figure = loss_of()
            return figure.detach(), torch.autograd.grad(loss, self.parameters, allow_unused=True)

        results = list(self.pool.map(part, losses))
        for index, parameter in enumerate(self.parameters):
            gradients = [result[1][index] for result in results if result[1][index] is not None]
            parameter.grad = None
            if gradients:
                total = gradients[0]
                for gradient in gradients[1:]:
                    total = total + gradient
                parameter.grad = total / len(results)
        return sum(result[0].item() for result in results) / len(results)
