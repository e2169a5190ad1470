// The page as a whole: the form, the address, and what comes first.

const form = document.getElementById('filters');

function drawForm() {
  const fill = (name, options) => form.elements[name].append(...options.map(([value, words]) => el('option', { value }, seen(words))));
  const engines = ANSWERED.map(number => [String(number), ENGINES[number].label]);
  fill('area', RULE_AREAS.map(area => [area, area]));
  fill('level', DATA.levels.map(level => [level, level]));
  for (const name of ['on', 'pass', 'fail']) fill(name, engines);
  for (const option of [...form.elements.verdict.options].slice(4)) {
    const used = CASES.some(one => one.verdicts.some(verdict => verdict && verdict.word === option.value));
    if (!used) option.remove();
  }
  document.querySelector('#shown .checks').append(...engines.map(([value, words]) => (
    el('label', {}, el('input', { type: 'checkbox', name: 'engine', value }), ' ', seen(words)))));
}

/** The form as the state says. */
function fillForm() {
  for (const key of FIELDS) form.elements[key].value = state[key];
  for (const box of form.querySelectorAll('[name=engine]')) box.checked = !state.hidden.has(Number(box.value));
}

function drawAbout() {
  const { filters = [], areas = [], levels = [], modes = [] } = DATA.options;
  const chosen = [...filters, ...areas, ...levels, ...modes];
  const words = [
    `${ENGINES.length} ${ENGINES.length === 1 ? 'engine' : 'engines'}`, `${RULES.length} rules`, `${CASES.length} cases`,
    chosen.length > 0 ? `chosen: ${chosen.join(', ')}` : '', `verysame ${DATA.suite}`,
  ];
  document.getElementById('about').append(...seen(words.filter(Boolean).join(' · ')));
}

/** Shows what the address says. */
function follow() {
  const hidden = [...state.hidden].join();
  readAddress();
  if ([...state.hidden].join() !== hidden) drawMatrix();
  fillForm();
  filter();
  if (state.case) {
    const one = CASES.find(one => one.id === state.case);
    if (!dialog.open) {
      const rule = one && RULES[one.rules[0]];
      if (rule && !grid.contains(document.activeElement)) showRule(rule, false);
      dialog.showModal();
    }
    if (one) drawCase(one);
    else drawNoCase(state.case);
    dialog.querySelector('#case-title').focus();
    return;
  }
  if (dialog.open) dialog.close();
  const rule = state.rule && RULES.find(rule => rule.id === state.rule);
  if (rule) showRule(rule);
}

form.addEventListener('submit', event => event.preventDefault());
form.addEventListener('input', event => {
  if (event.target.name === 'engine') {
    const hidden = new Set([...form.querySelectorAll('[name=engine]')].filter(box => !box.checked).map(box => Number(box.value)));
    replaceAddress({ hidden });
    drawMatrix();
  } else {
    const changes = Object.fromEntries(FIELDS.map(key => [key, form.elements[key].value]));
    replaceAddress({ ...changes, rule: '' });
  }
  filter();
});
form.addEventListener('reset', event => {
  event.preventDefault();
  const redraw = state.hidden.size > 0;
  replaceAddress({ ...Object.fromEntries(FIELDS.map(key => [key, ''])), hidden: new Set(), rule: '' });
  if (redraw) drawMatrix();
  fillForm();
  filter();
});
document.addEventListener('keydown', event => {
  const typing = event.target.closest('input, select, textarea');
  if (event.key === '/' && !typing && !dialog.open && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    form.elements.q.focus();
    form.elements.q.select();
  }
});
document.getElementById('skip').addEventListener('click', event => {
  event.preventDefault();
  focusCell(stop);
});
window.addEventListener('hashchange', follow);

drawAbout();
drawSummary();
drawForm();
readAddress();
drawMatrix();
follow();
document.documentElement.dataset.ready = 'yes';
