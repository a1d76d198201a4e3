"""Muon: momentum whose matrix is made orthogonal before it is applied (Jordan et al., 2024).

For G = U S V^T the step is U V^T, so that every direction moves equally far. It is found without
an SVD by a quintic Newton-Schulz iteration X <- aX + (bA + cA^2)X with A = XX^T, whose published
coefficients push singular values into about [0.7, 1.2] within five rounds. Only for the matrices
inside blocks; embeddings and vectors stay with AdamW.
"""

from concurrent.futures import ThreadPoolExecutor

import torch

COEFFICIENTS = (3.4445, -4.7750, 2.0315)


def orthogonalize(matrices, rounds=5, dtype=torch.bfloat16):
    """matrices (N,rows,cols) -> the nearest (semi-)orthogonal matrices, about."""
    a, b, c = COEFFICIENTS
    # The iteration forgives bf16's rounding, and the matrix products are what it costs.
    x = matrices.to(dtype)
    wide = x.shape[-2] > x.shape[-1]
    if wide:  # XX^T is cheapest on the short side
        x = x.transpose(-2, -1)
    x = x / (matrices.norm(dim=(-2, -1), keepdim=True).to(dtype) + 1e-7)
    for _ in range(rounds):
        gram = x @ x.transpose(-2, -1)
        x = a * x + (b * gram + c * (gram @ gram)) @ x
    if wide:
        x = x.transpose(-2, -1)
    return x.to(matrices.dtype)


class Muon(torch.optim.Optimizer):
    def __init__(self, parameters, lr=0.02, momentum=0.95, weight_decay=0.0, threads=1, dtype=torch.bfloat16):
        """dtype: of the iteration; float32 is faster on a processor without instructions for bf16."""
        super().__init__(parameters, dict(lr=lr, momentum=momentum, weight_decay=weight_decay))
        self.dtype = dtype
        self.pool = ThreadPoolExecutor(threads)

    def direction(self, stack):
        return orthogonalize(stack, dtype=self.dtype)

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            pieces, updates = [], []
            for parameter in group["params"]:
                state = self.state[parameter]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(parameter)
                buffer = state["momentum"].mul_(group["momentum"]).add_(parameter.grad)
                update = parameter.grad + group["momentum"] * buffer  # Nesterov's look ahead
                # A fused q,k,v matrix (3C,C) is three matrices to this method.
                rows, cols = parameter.shape
                parts = 3 if rows == 3 * cols else 1
                pieces.extend(parameter.view(parts, rows // parts, cols))
                updates.extend(update.view(parts, rows // parts, cols))
            by_shape = {}
            for piece, update in zip(pieces, updates):
                by_shape.setdefault(tuple(piece.shape), []).append((piece, update))
            stacks = [torch.stack([update for _, update in members]) for members in by_shape.values()]
            for ((rows, cols), members), steps in zip(by_shape.items(), self.pool.map(self.direction, stacks)):
                # A tall matrix's step is scaled up so that its outputs change as much as a square one's.
                scale = group["lr"] * max(1.0, rows / cols) ** 0.5
                for (piece, _), step in zip(members, steps):
                    piece.mul_(1 - group["lr"] * group["weight_decay"]).sub_(step, alpha=scale)
