// One case in a dialog: its rules, its program, what each engine did, pictures of the objects.

const dialog = document.getElementById('case');
const MARK = /#(?:=>|~>|&>|!>|\|)/;

function openCase(one, engine = '') {
  location.hash = address({ case: one.id, engine: engine === '' ? '' : ENGINES[engine].label, rule: '' });
}

function pill(verdict) {
  return el('span', { class: 'pill ' + verdict.style }, verdict.sign + ' ' + verdict.word);
}

/** The program with its lines' numbers in the case file; what is wrong in a line is marked at its edge. */
function program(one) {
  if (one.source === null) return el('p', { class: 'quiet' }, 'The results do not hold the program.');
  const worst = new Map();
  for (const { outcomes } of one.open()) {
    for (const { marks } of outcomes) {
      for (const mark of marks) if (mark.verdict.rank > PASS.rank) worst.set(mark.line, gravest(worst.get(mark.line), mark.verdict));
    }
  }
  const lines = one.source.replace(/\n$/, '').split('\n');
  return el('div', { class: 'program scroll', tabindex: '0', role: 'region', 'aria-label': 'Program' }, el('table', {}, el('tbody', {}, lines.map((line, at) => {
    const number = Array.isArray(one.lines) ? one.lines[at] : one.lines + at;
    const verdict = worst.get(number);
    const mark = line.search(MARK);
    return el('tr', { class: verdict ? 'marked' : null },
      el('td', { class: 'edge ' + (verdict ? verdict.style : '') }, verdict ? verdict.sign : '', verdict ? el('span', { class: 'unheard' }, verdict.word) : null),
      el('td', { class: 'at', 'aria-hidden': 'true' }, String(number)),
      el('td', { class: 'line' }, mark < 0 ? seen(line) : marked(line, mark)));
  }))));
}

/** A line with its mark; the blanks between the two are left out where there is no room. */
function marked(line, at) {
  const code = line.slice(0, at).trimEnd();
  return [seen(code), el('span', { class: 'gap' }, line.slice(code.length, at)), el('span', { class: 'mark' }, seen(line.slice(at)))];
}

/** One expectation and what was seen. */
function markRow(mark) {
  const say = words => el('code', {}, words);
  const nothing = el('span', { class: 'quiet' }, 'nothing');
  let rows;
  if (mark.observed === null) {
    rows = [['expected', say(seen(mark.expected))], ['seen', nothing]];
  } else if (mark.observed === mark.expected || mark.verdict === PASS) {
    rows = [['expected', say(seen(mark.expected))], ['seen', say(seen(mark.observed))]];
  } else if (mark.expected.trim().includes('\n') || mark.observed.trim().includes('\n')) {
    const lines = lineDifference(mark.expected, mark.observed);
    const tags = { '-': 'del', '+': 'ins', ' ': 'span' };
    rows = [['difference', el('code', { class: 'lines' }, lines.map(([sign, line]) => el(tags[sign], {}, sign + ' ', seen(line), '\n')))]];
  } else {
    const [expected, observed] = difference(mark.expected, mark.observed);
    rows = [['expected', say(expected)], ['seen', say(observed)]];
  }
  return el('div', { class: 'expectation' },
    el('p', {}, mark.verdict === PASS ? '' : [pill(mark.verdict), ' '], el('span', { class: 'quiet' }, `line ${mark.line} `), el('code', {}, seen(mark.statement)),
      ' ', el('span', { class: 'mark' }, seen(mark.sign)), ' ', el('span', { class: 'level l-' + mark.level }, mark.level)),
    el('dl', {}, rows.map(([name, words]) => [el('dt', {}, name), el('dd', {}, words)])),
    mark.note ? el('p', { class: 'note' }, linked(mark.note)) : null);
}

function drawing(number, caption) {
  const [width, height, words, shapes] = DATA.pictures[number];
  const draw = ([kind, look, ...rest]) => {
    if (kind === 'g') return svg('g', { class: look }, ...rest[0].map(draw));
    if (kind === 'p') return svg('path', { class: look, d: rest[0] });
    const [a, b, c, d, e] = rest[0];
    if (kind === 'r') return svg('rect', { class: look, x: a, y: b, width: c, height: d, rx: e });
    if (kind === 'l') return svg('line', { class: look, x1: a, x2: b, y1: c, y2: c });
    if (kind === 'c') return svg('circle', { class: look, cx: a, cy: b, r: c });
    return svg('text', { class: look, x: a, y: b, textLength: c, lengthAdjust: 'spacingAndGlyphs' }, rest[1]);
  };
  const title = svg('title', {}, words);
  return el('figure', { class: 'picture' }, el('figcaption', {}, caption),
    el('div', { class: 'scroll' }, svg('svg', { class: 'heap', role: 'img', 'aria-label': words, width, height, viewBox: `0 0 ${width} ${height}` }, title, ...shapes.map(draw))));
}

/** What is expected and what the engines have, side by side: each graph once. */
function pictures(one) {
  const found = new Map();
  for (const { outcomes, by } of one.open()) {
    outcomes.forEach((outcome, number) => {
      const names = ENGINES.filter((_, engine) => by[engine] === number).map(engine => engine.label);
      for (const [caption, expected, observed] of outcome.pictures) {
        const place = found.get(caption) ?? { expected: new Map(), observed: new Map() };
        found.set(caption, place);
        // A picture whose difference is marked says more than the plain one.
        const words = DATA.pictures[expected][2];
        if (!place.expected.has(words) || observed !== expected) place.expected.set(words, expected);
        if (observed >= 0 && DATA.pictures[observed][2] !== words) {
          place.observed.set(observed, new Set([...(place.observed.get(observed) ?? []), ...names]));
        }
      }
    });
  }
  return [...found].map(([caption, { expected, observed }]) => el('div', { class: 'pictures' },
    el('h4', {}, seen(text(caption))),
    el('div', { class: 'beside' },
      [...expected.values()].map(number => drawing(number, observed.size > 0 ? 'as expected' : 'as expected, and so on every engine that ran it')),
      [...observed].map(([number, names]) => drawing(number, [...names].join(', '))))));
}

function outcomeBlock(one, mode, outcome, names, chosen) {
  const met = outcome.marks.filter(mark => mark.verdict === PASS || mark.verdict === SKIP);
  const wrong = outcome.marks.filter(mark => mark.verdict !== PASS && mark.verdict !== SKIP);
  const good = met.length === 0 ? null : el('details', { open: wrong.length === 0 && outcome.verdict === PASS && chosen },
    el('summary', {}, `${met.length} ${met.length === 1 ? 'expectation' : 'expectations'} met`), met.map(markRow));
  const rerun = names.filter(engine => outcome.verdict.rank > PASS.rank).slice(0, 1).map(engine => el('p', { class: 'rerun' }, 'rerun ',
    el('code', {}, seen(`${DATA.command} run --exact ${quoted(one.id)} --mode ${mode} ${engine.arguments}`))));
  return el('section', { class: 'outcome' + (chosen ? ' chosen' : '') },
    el('p', { class: 'who' }, pill(outcome.verdict), names.map(engine => el('span', { class: 'engine', title: `${engine.name} ${engine.detail}` }, seen(engine.label)))),
    outcome.note ? el('p', { class: 'note' }, linked(outcome.note)) : null,
    wrong.map(markRow), good, rerun);
}

/** As a shell reads it as one word. */
function quoted(words) {
  return /^[\w./=:+,@%-]+$/.test(words) ? words : `'${words.replaceAll("'", String.raw`'\''`)}'`;
}

function outcomes(one, chosen) {
  const modes = one.open();
  const plain = modes.map(({ outcomes, by }) => JSON.stringify([outcomes, by]));
  const alike = modes.length > 1 && plain.every(other => other === plain[0]);
  const shown = alike ? [modes[0]] : modes;
  return shown.map(({ mode, outcomes, by }) => {
    const order = outcomes.map((outcome, number) => ({ outcome, names: ENGINES.filter((_, engine) => by[engine] === number) }))
      .sort((a, b) => b.names.includes(chosen) - a.names.includes(chosen) || b.outcome.verdict.rank - a.outcome.verdict.rank);
    return [
      el('h4', {}, alike ? modes.map(other => other.mode).join(' and ') : mode),
      order.map(({ outcome, names }) => outcomeBlock(one, mode, outcome, names, names.includes(chosen))),
    ];
  });
}

/** The cases before and after this one, among those that are shown. */
function neighbours(one) {
  const words = searchWords(), shown = shownEngines();
  const all = [...new Set(ruleRows.filter(row => !row.hidden).flatMap(row => chosen(row.rule, words, shown)))];
  const at = all.indexOf(one);
  return [all[at - 1], at < 0 ? undefined : all[at + 1]];
}

function drawCase(one) {
  const chosenEngine = ENGINES.find(engine => engine.label === state.engine);
  const [before, after] = neighbours(one);
  const go = (words, other, sign) => el('button', { type: 'button', disabled: !other, 'data-go': words, 'aria-label': `${words} case`, title: `${words} case` }, sign);
  const drawn = pictures(one);
  const page = el('div', { class: 'sheet' },
    el('div', { class: 'top' },
      el('div', { class: 'tools' }, go('previous', before, '←'), go('next', after, '→'),
        el('a', { href: address({ rule: '', engine: '' }) }, 'link to this case'),
        el('button', { type: 'button', class: 'close', 'aria-label': 'Close', title: 'Close' }, '✕')),
      el('h3', { id: 'case-title', tabindex: '-1' }, seen(one.title)),
      el('p', { class: 'quiet' }, el('code', {}, seen(one.id)), ' · ', seen(one.place))),
    one.rules.map(index => RULES[index]).map(rule => el('section', { class: 'promise' },
      el('p', {}, el('a', { class: 'id', href: '#rule=' + encodeURIComponent(rule.id) }, rule.id)), ruleWords(rule).slice(0, 2),
      el('p', { class: 'quiet' }, rule.references.map(([words, to], at) => [at > 0 ? '; ' : '', outward(to, words)])))),
    el('h3', {}, 'Program'), program(one),
    drawn.length > 0 ? [el('h3', {}, 'Objects'), drawn] : null,
    el('h3', {}, 'What the engines did'), outcomes(one, chosenEngine));
  for (const button of page.querySelectorAll('[data-go]')) {
    const to = button.dataset.go === 'next' ? after : before;
    button.addEventListener('click', () => to && openCase(to, chosenEngine ? chosenEngine.number : ''));
  }
  page.querySelector('.close').addEventListener('click', () => dialog.close());
  dialog.replaceChildren(page);
  dialog.scrollTop = 0;
}

/** A case that an address names and the results do not have. */
function drawNoCase(id) {
  const page = el('div', { class: 'sheet' },
    el('div', { class: 'tools' }, el('button', { type: 'button', class: 'close', 'aria-label': 'Close' }, '✕')),
    el('h3', { id: 'case-title', tabindex: '-1' }, 'There is no such case'), el('p', {}, el('code', {}, seen(id))));
  page.querySelector('.close').addEventListener('click', () => dialog.close());
  dialog.replaceChildren(page);
}

dialog.addEventListener('close', () => {
  if (state.case) replaceAddress({ case: '', engine: '' });
});
dialog.addEventListener('click', event => {
  // A click beside the sheet is one on the dialog itself.
  if (event.target === dialog) dialog.close();
});
dialog.addEventListener('keydown', event => {
  const key = { j: 'next', k: 'previous' }[event.key];
  if (!key || event.ctrlKey || event.altKey || event.metaKey) return;
  dialog.querySelector(`[data-go=${key}]`)?.click();
});
