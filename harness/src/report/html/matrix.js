// The summary and the matrix: a tree grid of rules, each of which opens to its cases. One cell of it can have the focus.

function bar(verdicts, name) {
  const counts = counted(verdicts);
  const words = counts.map(([verdict, count]) => `${count} ${verdict.word}`).join(', ');
  const parts = counts.map(([verdict, count]) => {
    const part = el('span', { class: verdict.style });
    part.style.flexGrow = count;
    return part;
  });
  return el('span', { class: 'bar', role: 'img', 'aria-label': `${name}: ${words || 'nothing ran'}`, title: words }, parts);
}

function drawSummary() {
  const heads = AREAS.map(area => el('th', { scope: 'col' }, area));
  const rows = ENGINES.map((engine, number) => {
    const lacks = engine.lacks.length > 0 ? `; lacks ${engine.lacks.join(', ')}` : '';
    const head = el('th', { scope: 'row', title: `${engine.name} ${engine.detail}${lacks}` }, seen(engine.label));
    if (engine.error !== null) {
      return el('tr', {}, head, el('td', { class: 'failed', colspan: AREAS.length + 2 }, 'could not be asked: ', seen(engine.error)));
    }
    const all = CASES.map(one => one.verdicts[number]);
    const passed = all.filter(verdict => verdict === PASS).length;
    const ran = all.filter(verdict => verdict && verdict !== SKIP).length;
    return el('tr', {}, head,
      el('td', { class: 'number' }, el('b', {}, String(passed)), ` of ${ran}`),
      el('td', { class: 'whole' }, bar(all, 'all areas')),
      AREAS.map(area => el('td', {}, bar(CASES.filter(one => one.area === area).map(one => one.verdicts[number]), area))));
  });
  document.getElementById('summary').append(el('table', {},
    el('caption', { class: 'unheard' }, 'Cases by engine and area'),
    el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'engine'), el('th', { scope: 'col' }, 'PASS'), el('th', { scope: 'col' }, 'all'), heads)),
    el('tbody', {}, rows)));
  const used = VERDICTS.filter(verdict => CASES.some(one => one.verdicts.includes(verdict)));
  document.getElementById('legend').append(...used.map(verdict => el('li', {},
    el('span', { class: 'sign ' + verdict.style, 'aria-hidden': 'true' }, verdict.sign), el('b', {}, verdict.word), ' ' + verdict.meaning)));
  for (const [number, engine] of ENGINES.entries()) {
    if (engine.stale.length > 0) {
      document.getElementById('summary').after(el('p', { class: 'notice' }, `${engine.label}: `, seen(engine.stale.join('; '))));
    }
    engine.number = number;
  }
}

const KEYS = [['/', 'search'], ['↑↓←→', 'move'], ['Enter', 'opens'], ['Esc', 'closes']];

const grid = document.getElementById('matrix');
/** The rows of each rule that was opened. */
const opened = new Map();
let ruleRows = [];
let groups = [];

function cell(verdict, name, small, words) {
  const label = verdict ? `${name}: ${verdict.word}${words ? ', ' + words : ''}` : `${name}: no result`;
  // Tens of thousands of these are made at once: no more elements than needed, and what is pointed at gets its title then.
  const made = document.createElement('div');
  made.className = 'cell ' + (verdict ? verdict.style : 'v-none');
  made.role = 'gridcell';
  made.tabIndex = -1;
  made.ariaLabel = label;
  if (verdict) made.textContent = verdict.sign;
  if (small) made.append(el('span', { class: 'small' }, seen(small)));
  return made;
}

grid.addEventListener('pointerover', event => {
  const target = event.target.closest('.cell');
  if (target) target.title = target.ariaLabel;
});

/** Lays the whole matrix out for the engines that are shown. */
function drawMatrix() {
  const shown = shownEngines();
  grid.style.setProperty('--engines', shown.length);
  grid.replaceChildren();
  opened.clear();
  ruleRows = [];
  groups = [];
  const heads = shown.map(engine => el('div', { role: 'columnheader', class: 'head', title: `${ENGINES[engine].name} ${ENGINES[engine].detail}` },
    el('span', {}, seen(ENGINES[engine].label))));
  grid.append(el('div', { role: 'row', class: 'row heads' }, el('div', { role: 'columnheader', class: 'corner', 'aria-label': 'rule' }, KEYS.flatMap(([key, words], at) => [at > 0 ? ' · ' : '', el('kbd', {}, key), ' ' + words])), heads));
  for (const area of RULE_AREAS) {
    for (const level of DATA.levels) {
      const rules = RULES.filter(rule => rule.area === area && rule.level === level && rule.cases.length > 0);
      if (rules.length === 0) continue;
      const count = el('span', { class: 'count' });
      const head = el('div', { role: 'row', class: 'row group', 'aria-level': '1' },
        el('div', { role: 'rowheader', class: 'name', tabindex: '-1' }, el('b', {}, area), ' ', el('span', { class: 'level l-' + level }, level), ' ', count));
      const rows = rules.map(rule => ruleRow(rule, shown));
      const group = el('div', { role: 'rowgroup', class: 'rules', 'aria-label': `${area}, ${level}` }, head, rows);
      groups.push({ group, rules, count });
      grid.append(group);
    }
  }
}

function ruleRow(rule, shown) {
  const cells = shown.map(engine => {
    const [wrong, ran, verdict] = [rule.wrong[engine], rule.ran[engine], rule.verdicts[engine]];
    const some = wrong > 0 && ran > 1 ? `${wrong}/${ran}` : '';
    return cell(verdict, ENGINES[engine].label, some, some ? `${wrong} of ${ran} cases` : '');
  });
  const name = el('div', { role: 'rowheader', class: 'name', tabindex: '-1' },
    el('span', { class: 'id' }, rule.id), el('span', { class: 'say' }, seen(rule.statement)));
  const row = el('div', { role: 'row', class: 'row rule', 'aria-level': '2', 'aria-expanded': 'false' }, name, cells);
  row.rule = rule;
  ruleRows.push(row);
  return row;
}

function caseRow(one, shown) {
  const cells = shown.map(engine => {
    const verdict = one.verdicts[engine];
    const short = verdict && verdict.rank > PASS.rank ? shortly(one, engine) : '';
    const small = short.length > 60 ? short.slice(0, 60) + '…' : short;
    return cell(verdict, ENGINES[engine].label, small, small);
  });
  const name = el('div', { role: 'rowheader', class: 'name', tabindex: '-1' },
    el('span', { class: 'id' }, seen(one.id)), el('span', { class: 'say' }, seen(one.title)));
  const row = el('div', { role: 'row', class: 'row case', 'aria-level': '3' }, name, cells);
  row.one = one;
  return row;
}

/** What a rule says, where it is promised, and how to send it to somebody. */
function ruleWords(rule) {
  return [
    el('p', {}, el('span', { class: 'level l-' + rule.level }, rule.level), ' ', seen(rule.statement)),
    rule.quote ? el('blockquote', {}, seen(rule.quote)) : null,
    el('p', { class: 'quiet' }, rule.references.map(([words, address], at) => [at > 0 ? '; ' : '', outward(address, words)]),
      rule.python && rule.python !== '*' ? ` · python ${rule.python}` : '', ' · ',
      el('a', { href: '#rule=' + encodeURIComponent(rule.id) }, 'link to this rule')),
  ];
}

function setOpen(row, open) {
  const rule = row.rule;
  row.setAttribute('aria-expanded', String(open));
  for (const old of opened.get(rule) ?? []) old.remove();
  opened.delete(rule);
  if (!open) return;
  const shown = shownEngines();
  const cases = chosen(rule, searchWords(), shown);
  const about = el('div', { role: 'row', class: 'row about', 'aria-level': '3' },
    el('div', { role: 'gridcell', class: 'words', tabindex: '-1' }, ruleWords(rule)));
  const rows = [about, ...(cases.length > 0 ? cases : rule.cases).map(one => caseRow(one, shown))];
  row.after(...rows);
  opened.set(rule, rows);
}

const searchWords = () => state.q.toLowerCase().split(/\s+/).filter(Boolean);

/** Shows the rules that the form asks for, and says how many they are. */
function filter() {
  const shown = shownEngines(), words = searchWords();
  let rules = 0;
  const cases = new Set();
  for (const row of ruleRows) {
    const found = chosen(row.rule, words, shown);
    row.hidden = found.length === 0;
    if (!row.hidden) rules++;
    for (const one of found) cases.add(one);
    const open = opened.get(row.rule)?.filter(other => other.one);
    // Rows that stay are left alone: one of them may have the focus.
    const stays = open && open.length === found.length && open.every((other, at) => other.one === found[at]);
    if (open && !stays) setOpen(row, found.length > 0);
  }
  for (const { group, rules, count } of groups) {
    const left = [...group.children].filter(row => row.rule && !row.hidden).length;
    group.hidden = left === 0;
    count.textContent = left === rules.length ? `${left} ${left === 1 ? 'rule' : 'rules'}` : `${left} of ${rules.length} rules`;
  }
  const total = ruleRows.length;
  document.getElementById('count').textContent = rules === 0
    ? 'No rule is as asked for.'
    : `${rules === total ? rules : `${rules} of ${total}`} rules, ${cases.size} of ${CASES.length} cases`;
  // One stop for the tabulator: the cell that has it, else the first one.
  if (!stop || !stop.isConnected || stop.closest('[hidden]')) stopAt(grid.querySelector('.rules:not([hidden]) .row:not([hidden]) .name'));
}

/** The cell at which the tabulator stops. */
let stop = null;

function stopAt(target) {
  if (stop) stop.tabIndex = -1;
  stop = target;
  if (target) target.tabIndex = 0;
}

function focusCell(target) {
  if (!target) return;
  stopAt(target);
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

const cellsOf = row => [...row.children];

/** Opens what a cell stands for: the cases of a rule, or a case. */
function activate(target) {
  const row = target.closest('.row');
  const column = cellsOf(row).indexOf(target);
  const engine = column > 0 ? shownEngines()[column - 1] : '';
  if (row.one) {
    openCase(row.one, engine);
  } else if (row.rule && column > 0) {
    const verdict = row.rule.verdicts[engine];
    setOpen(row, true);
    const next = opened.get(row.rule).filter(other => other.one);
    const to = next.find(other => other.one.verdicts[engine] === verdict) ?? next[0];
    if (to) focusCell(cellsOf(to)[column]);
  } else if (row.rule) {
    setOpen(row, row.getAttribute('aria-expanded') !== 'true');
  }
}

grid.addEventListener('click', event => {
  if (event.target.closest('a')) return;
  const target = event.target.closest('[role=gridcell], [role=rowheader]');
  if (!target || target.classList.contains('words')) return;
  focusCell(target);
  activate(target);
});

let column = 0;
grid.addEventListener('keydown', event => {
  const target = event.target.closest('[role=gridcell], [role=rowheader]');
  if (!target || event.target !== target || event.altKey || event.metaKey) return;
  const row = target.closest('.row'), cells = cellsOf(row), at = cells.indexOf(target);
  const rows = () => [...grid.querySelectorAll('.rules:not([hidden]) > .row:not([hidden])')];
  const step = by => {
    const all = rows(), to = all[Math.max(0, Math.min(all.length - 1, all.indexOf(row) + by))];
    focusCell(cellsOf(to)[Math.min(column, cellsOf(to).length - 1)]);
  };
  if (cells.length > 1) column = at;
  const far = event.ctrlKey;
  const keys = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    PageDown: () => step(12),
    PageUp: () => step(-12),
    ArrowRight: () => {
      if (at === 0 && row.rule && row.getAttribute('aria-expanded') === 'false') setOpen(row, true);
      else focusCell(cells[at + 1]);
    },
    ArrowLeft: () => {
      if (at === 0 && row.rule) setOpen(row, false);
      else if (at === 0 && (row.one || row.classList.contains('about'))) {
        let up = row;
        while (up && !up.rule) up = up.previousElementSibling;
        if (up) focusCell(up.firstElementChild);
      } else focusCell(cells[at - 1]);
    },
    Home: () => (far ? step(-Infinity) : focusCell(cells[0])),
    End: () => (far ? step(Infinity) : focusCell(cells.at(-1))),
    Enter: () => activate(target),
    ' ': () => activate(target),
  };
  const action = keys[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});
grid.addEventListener('focusin', event => {
  const target = event.target.closest('[role=gridcell], [role=rowheader]');
  if (target) stopAt(target);
});

/** Opens a rule and goes to it, even if the form hid it. */
function showRule(rule, focus = true) {
  const row = ruleRows.find(row => row.rule === rule);
  if (!row) return;
  row.hidden = false;
  row.parentElement.hidden = false;
  if (!opened.has(rule)) setOpen(row, true);
  if (!focus) return stopAt(row.firstElementChild);
  focusCell(row.firstElementChild);
  row.scrollIntoView({ block: 'center' });
}
