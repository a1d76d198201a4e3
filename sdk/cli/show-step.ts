import type { TrainingProgress } from '../training/training.ts';

const barWidth = 24;

/** How far a training is: one line that is written over, and only where somebody watches. */
export function showStep(progress: TrainingProgress): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${stepLine(progress)}`);
}

export function stepLine({ stage, step, steps, loss, tokensPerSecond, secondsLeft }: TrainingProgress): string {
  const parts = [`${stage} ${step}${steps === undefined ? '' : ` of ${steps}`}`];
  if (steps) {
    const done = Math.round((barWidth * step) / steps);
    parts.unshift(`${'█'.repeat(done)}${'░'.repeat(barWidth - done)}`);
  }
  if (loss !== undefined) parts.push(`loss ${loss.toFixed(4)}`);
  if (tokensPerSecond !== undefined) parts.push(`${tokensPerSecond.toFixed(0)} tokens/s`);
  if (secondsLeft !== undefined) parts.push(`${duration(secondsLeft)} left`);
  return parts.join('  ');
}

function duration(seconds: number): string {
  if (seconds < 100) return `${seconds.toFixed(0)} s`;
  const minutes = seconds / 60;
  return minutes < 100 ? `${minutes.toFixed(0)} min` : `${(minutes / 60).toFixed(1)} h`;
}
