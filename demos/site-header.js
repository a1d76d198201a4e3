// The line at the top of every demo: the way home, and the other demos.

/** Name of each, by its folder. */
const demos = {
  playground: 'Playground',
  assistant: 'Assistant',
  openai: "OpenAI's client",
  chat: 'Widget',
  sentiment: 'Sentiment',
  teach: 'Teach it',
  storyteller: 'Storyteller',
  bench: 'Speed',
};

const home = document.createElement('a');
home.href = '../';
home.textContent = 'gptlet';
const nav = document.createElement('nav');
nav.ariaLabel = 'Demos';
for (const [folder, name] of Object.entries(demos)) {
  const link = document.createElement('a');
  link.href = `../${folder}/`;
  link.textContent = name;
  if (link.pathname === new URL('.', location.href).pathname) link.ariaCurrent = 'page';
  nav.append(link);
}
document.querySelector('header.site')?.append(home, nav);
