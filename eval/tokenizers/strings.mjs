// Strings to compare tokenizers by: those of the tests, with a vocabulary's own added tokens between their pieces, and whole
// conversations in its special tokens.

/** Texts of the tokens that a conversation is made of: those that the chat template names, or the special ones. */
function turnTokens(files) {
  const parse = (name) => JSON.parse(new TextDecoder().decode(files[name]));
  const added = parse('tokenizer.json').added_tokens.map(({ content, special }) => ({ content, special }));
  const { chat_template: template } = parse('tokenizer_config.json');
  const named = added.filter(({ content }) => content.length > 2 && JSON.stringify(template ?? '').includes(content));
  const special = added.filter((token) => token.special);
  return {
    added: added.map(({ content }) => content),
    turn: (named.length ? named : special).map(({ content }) => content),
  };
}

/** A generator of strings for a vocabulary. */
export function stringsFor(files, generatedText, random) {
  const { added, turn } = turnTokens(files);
  const of = (list) => list[random(list.length)];
  const roles = ['system', 'user', 'assistant', 'tool', 'model'];
  const conversation = () =>
    Array.from(
      { length: 1 + random(4) },
      () =>
        `${of(turn)}${of(roles)}${of(['\n', '\n\n', ' ', ''])}${generatedText(random)}${of(turn)}${of(['\n', '', ' '])}`,
    ).join('');
  const sprinkled = () => {
    let text = generatedText(random);
    for (let left = 1 + random(3); left > 0; left--) text += of([' ', '', '\n']) + of(added) + generatedText(random);
    return text;
  };
  const kinds = [() => generatedText(random), () => generatedText(random), conversation, sprinkled];
  return () => of(kinds)();
}
