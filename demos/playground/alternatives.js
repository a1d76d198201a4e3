/**
 * Shows what a token could have been, as bars: the reported alternatives, and the token itself where it was
 * none of them.
 * @param {HTMLElement} list
 * @param {HTMLElement} hint
 * @param {import('gptlet').TokenLogprob | undefined} token
 */
export function showAlternatives(list, hint, token) {
  hint.hidden = token !== undefined;
  if (!token) {
    list.replaceChildren();
    return;
  }
  const inTop = token.top.some(({ tokenId }) => tokenId === token.tokenId);
  const rows = inTop ? token.top : [...token.top, token];
  list.replaceChildren(...rows.map((row) => bar(row, row.tokenId === token.tokenId)));
}

/**
 * @param {{ text: string, tokenId: number, logprob: number }} row
 * @param {boolean} chosen
 */
function bar({ text, tokenId, logprob }, chosen) {
  const item = document.createElement('li');
  const share = Math.exp(logprob);
  item.style.setProperty('--share', String(share));
  item.classList.toggle('chosen', chosen);
  const piece = document.createElement('span');
  piece.className = 'piece';
  piece.textContent = visible(text) || `token ${tokenId}`;
  const percent = document.createElement('span');
  percent.textContent = `${(share * 100).toFixed(share < 0.01 ? 2 : 1)} %${chosen ? ' ✓' : ''}`;
  item.append(piece, percent);
  return item;
}

/** Blanks matter in tokens: they are drawn. @param {string} text */
function visible(text) {
  return text.replaceAll(' ', '␣').replaceAll('\n', '⏎').replaceAll('\t', '⇥');
}
