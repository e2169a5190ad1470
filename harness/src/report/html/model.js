// The results: what `data.rs` packed, unpacked.

const DATA = JSON.parse(document.getElementById('data').textContent);
const ENGINES = DATA.engines;
const text = index => (index < 0 ? '' : DATA.texts[index]);

// By their gravity: the sign, the word, what it means. A case shows the gravest of its modes, a rule of its cases: what an
// engine lacks for one of them says nothing about the others.
const VERDICTS = [
  ['·', 'SKIP', 'the case is about other versions or modes'],
  ['–', 'LACKS', 'the engine has no such feature'],
  ['✓', 'PASS', 'as the rule says'],
  ['≠', 'DIFFERS', 'otherwise than CPython, where it may'],
  ['×', 'XFAIL', 'wrong, and known: a deviation with a reason'],
  ['+', 'XPASS', 'right, though listed as wrong'],
  ['✗', 'FAIL', 'not as the rule says'],
  ['T', 'TIMEOUT', 'it did not end'],
  ['C', 'CRASH', 'the engine died'],
  ['?', 'INFRA', 'the engine could not be asked'],
].map(([sign, word, meaning], rank) => ({ sign, word, meaning, rank, style: 'v-' + word.toLowerCase() }));
const BY_NUMBER = DATA.verdicts.map(word => VERDICTS.find(verdict => verdict.word === word));
const [SKIP, LACKS, PASS] = VERDICTS;
const WRONG = new Set(['XFAIL', 'FAIL', 'TIMEOUT', 'CRASH']);
/** The engine does otherwise: wrong, or other than CPython. */
const FAILS = new Set([...WRONG, 'DIFFERS']);

const gravest = (one, other) => (!one || (other && other.rank > one.rank) ? other : one);

function outcome(packed, marks) {
  const [number, note, found, pictures] = packed;
  return {
    verdict: BY_NUMBER[number],
    note: text(note),
    pictures: pictures ?? [],
    marks: found.map(mark => {
      if (typeof mark === 'number') return { ...marks[mark], verdict: PASS, observed: marks[mark].expected, note: '', met: true };
      const [index, verdict, observed, words] = mark;
      return { ...marks[index], verdict: BY_NUMBER[verdict], observed: observed < 0 ? null : text(observed), note: text(words) };
    }),
  };
}

const CASES = DATA.cases.map((packed, index) => {
  const modes = packed.o.map(([mode, outcomes, by]) => ({
    mode: DATA.modes[mode],
    outcomes,
    by: Array.isArray(by) ? by : ENGINES.map(() => by),
  }));
  const verdicts = ENGINES.map((_, engine) =>
    modes.reduce((found, { outcomes, by }) => gravest(found, by[engine] < 0 ? null : BY_NUMBER[outcomes[by[engine]][0]]), null));
  return {
    index, modes, verdicts,
    id: packed.i, title: text(packed.t), area: packed.a, level: DATA.levels[packed.l], rules: packed.r, place: packed.p,
    source: packed.s < 0 ? null : text(packed.s), lines: packed.n, packedMarks: packed.m,
    /** The marks and outcomes, unpacked when somebody looks at them. */
    open() {
      if (!this.opened) {
        const marks = this.packedMarks.map(([sign, expected, level, line, column, statement]) => (
          { sign, expected: text(expected), level: DATA.levels[level], line, column, statement: text(statement) }));
        this.opened = modes.map(({ mode, outcomes, by }) => (
          { mode, by, outcomes: outcomes.map(packed => outcome(packed, marks)) }));
      }
      return this.opened;
    },
  };
});

const RULES = DATA.rules.map((packed, index) => ({
  index, id: packed.i, level: DATA.levels[packed.l], statement: packed.t, references: packed.r, quote: packed.q, python: packed.p,
  area: packed.i.split('.')[0], cases: [], verdicts: ENGINES.map(() => null), wrong: ENGINES.map(() => 0), ran: ENGINES.map(() => 0),
}));
for (const one of CASES) {
  for (const index of one.rules) {
    const rule = RULES[index];
    rule.cases.push(one);
    one.verdicts.forEach((verdict, engine) => {
      rule.verdicts[engine] = gravest(rule.verdicts[engine], verdict);
      if (verdict && verdict !== SKIP) rule.ran[engine]++;
      if (verdict && verdict.rank > PASS.rank) rule.wrong[engine]++;
    });
  }
}
const AREAS = [...new Set(CASES.map(one => one.area))];
/** Areas of rules and of cases may differ: rules are grouped by the first part of their name. */
const RULE_AREAS = [...new Set(RULES.filter(rule => rule.cases.length > 0).map(rule => rule.area))];

/** What an engine did in a case, shortly: what it got wrong, else its value. */
function shortly(one, engine) {
  for (const { outcomes, by } of one.open()) {
    const found = by[engine] < 0 ? null : outcomes[by[engine]];
    if (!found || found.verdict !== one.verdicts[engine]) continue;
    const mark = found.marks.find(mark => mark.verdict === found.verdict && mark.observed !== null) ?? found.marks[0];
    return mark && mark.observed !== null ? mark.observed : found.note;
  }
  return '';
}

/** How many of these have which verdict, from the best to the worst. */
function counted(verdicts) {
  const counts = VERDICTS.map(() => 0);
  for (const verdict of verdicts) if (verdict) counts[verdict.rank]++;
  const order = [PASS, LACKS, ...VERDICTS.slice(3), SKIP];
  return order.map(verdict => [verdict, counts[verdict.rank]]).filter(([, count]) => count > 0);
}

// What is shown. The fields are those of the form; the address of the page holds them, so that a view can be sent.
const FIELDS = ['q', 'area', 'level', 'verdict', 'on', 'pass', 'fail'];
const state = { q: '', area: '', level: '', verdict: '', on: '', pass: '', fail: '', hidden: new Set(), rule: '', case: '', engine: '' };

function readAddress() {
  const found = new Map();
  for (const part of location.hash.slice(1).split('&')) {
    const [key, value = ''] = part.split('=', 2);
    try {
      found.set(key, decodeURIComponent(value));
    } catch {
      // A damaged address shows all.
    }
  }
  for (const key of [...FIELDS, 'rule', 'case', 'engine']) state[key] = found.get(key) ?? '';
  state.hidden = new Set((found.get('hide') ?? '').split(',').filter(Boolean).map(Number));
}

function address(changes) {
  const all = { ...state, ...changes };
  const parts = ['rule', 'case', 'engine', ...FIELDS].filter(key => all[key]).map(key => `${key}=${encodeURIComponent(all[key])}`);
  if (all.hidden.size > 0) parts.push('hide=' + [...all.hidden].join(','));
  return '#' + parts.join('&');
}

/** Sets the address without a step in the history. */
function replaceAddress(changes) {
  Object.assign(state, changes);
  try {
    history.replaceState(null, '', address({}));
  } catch {
    location.replace(address({}));
  }
}

/** What answered; an engine that could not be asked has no column. */
const ANSWERED = ENGINES.map((_, engine) => engine).filter(engine => ENGINES[engine].error === null);
const shownEngines = () => ANSWERED.filter(engine => !state.hidden.has(engine));

/** Whether verdicts are what the form asks for. */
function wanted(verdicts, shown) {
  const word = engine => verdicts[engine]?.word;
  const on = state.on === '' ? shown : [Number(state.on)];
  const test = {
    '': () => true,
    wrong: () => on.some(engine => WRONG.has(word(engine))),
    other: () => on.some(engine => verdicts[engine] && verdicts[engine].rank > PASS.rank),
    split: () => new Set(shown.map(word).filter(found => found && found !== 'SKIP' && found !== 'LACKS')).size > 1,
  }[state.verdict] ?? (() => on.some(engine => word(engine) === state.verdict));
  return test()
    && (state.pass === '' || word(Number(state.pass)) === 'PASS')
    && (state.fail === '' || FAILS.has(word(Number(state.fail))));
}

/** The cases of a rule that are shown. */
function chosen(rule, words, shown) {
  if (state.level && rule.level !== state.level) return [];
  if (state.area && rule.area !== state.area) return [];
  const holds = (...texts) => {
    const all = texts.join('\n').toLowerCase();
    return words.every(word => all.includes(word));
  };
  const whole = words.length === 0 || holds(rule.id, rule.statement);
  return rule.cases.filter(one => wanted(one.verdicts, shown) && (whole || holds(rule.id, rule.statement, one.id, one.title, one.source ?? '')));
}
