#!/bin/sh
# sh fast-malloc.sh COMMAND...: runs COMMAND with glibc's allocator keeping large blocks and asking for
# huge pages. By default every activation is mapped afresh and the kernel clears its pages each time,
# which took almost half of a training step on a CPU.
export MALLOC_MMAP_THRESHOLD_=4000000000 MALLOC_TRIM_THRESHOLD_=20000000000 MALLOC_TOP_PAD_=500000000
export GLIBC_TUNABLES=glibc.malloc.hugetlb=1
# Not for fine-tuning: its batches are of every length, and kept blocks that fit none of them add up
# until there is no memory left.
# One thread an operation: training parallelises over the batch instead (parallel.py).
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
exec "$@"
