// A run that takes too long ends by itself, early enough to say what it did not get to: CI ends it without a word after 90 minutes. Two
// quiet cores need 25 at most.

const limit = Number(process.env.GPTLET_TEST_MINUTES ?? 60) * 60_000;

/** Milliseconds left for this process, at least 1000. */
export const timeLeft = () => Math.max(1000, limit - performance.now());
