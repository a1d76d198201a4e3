const punctuation = /[!-/:-@[-`{-~]/g;

/** An answer as SQuAD and CoQA compare it: lower case, no ASCII punctuation, no articles, single spaces. */
export function normalizeAnswer(text) {
  return text
    .toLowerCase()
    .replace(punctuation, '')
    .replace(/\b(a|an|the)\b/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '')
    .join(' ');
}

/** 1 where an answer is one of the references once both are normalised, else 0. */
export function exactMatch(answer, references) {
  return Number(references.some((reference) => normalizeAnswer(reference) === normalizeAnswer(answer)));
}

/** F1 of the words shared with the reference that shares most, 0 to 1. An empty answer is right where a reference is. */
export function overlapF1(answer, references) {
  return Math.max(...references.map((reference) => wordF1(normalizeAnswer(answer), normalizeAnswer(reference))));
}

function wordF1(answer, reference) {
  if (answer === '' || reference === '') return Number(answer === reference);
  const [ours, theirs] = [answer.split(' '), reference.split(' ')];
  const left = [...theirs];
  let shared = 0;
  for (const word of ours) {
    const at = left.indexOf(word);
    if (at < 0) continue;
    left.splice(at, 1);
    shared++;
  }
  return (2 * shared) / (ours.length + theirs.length);
}

/**
 * The mean over references of the score against all the others: how CoQA, where several people answered, makes a model's
 * figure comparable to a person's. With one reference, the score against it.
 */
export function leaveOneOut(score, answer, references) {
  if (references.length === 1) return score(answer, references);
  const each = references.map((_, out) =>
    score(
      answer,
      references.filter((_, i) => i !== out),
    ),
  );
  return each.reduce((sum, one) => sum + one, 0) / each.length;
}
