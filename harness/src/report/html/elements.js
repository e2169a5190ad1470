// Elements and texts. Nothing here, and nothing that uses it, ever reads a text as markup.

/** An element with attributes and children; texts become text nodes. */
function el(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === false || value === null || value === undefined) continue;
    if (key === 'class') element.className = value;
    else element.setAttribute(key, value === true ? '' : String(value));
  }
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

function svg(name, attributes, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

// Control characters, and what turns the direction of text or takes no room.
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** A text as nodes in which what cannot be seen is shown by its number. */
function seen(text) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(UNSEEN)) {
    if (found.index > from) nodes.push(text.slice(from, found.index));
    const code = found[0].charCodeAt(0);
    const sign = code < 0x20 ? String.fromCharCode(0x2400 + code) : 'U+' + code.toString(16).toUpperCase().padStart(4, '0');
    nodes.push(el('span', { class: 'unseen', title: 'U+' + code.toString(16).toUpperCase().padStart(4, '0') }, sign));
    from = found.index + 1;
  }
  if (from < text.length) nodes.push(text.slice(from));
  return nodes;
}

/** Words in which the issues that they name are links. */
function linked(text) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(/\b(?:python\/)?cpython#(\d{1,7})\b/g)) {
    nodes.push(...seen(text.slice(from, found.index)));
    nodes.push(outward(`https://github.com/python/cpython/issues/${found[1]}`, found[0]));
    from = found.index + found[0].length;
  }
  nodes.push(...seen(text.slice(from)));
  return nodes;
}

/** A link to another page; only of the web. */
function outward(address, words) {
  if (!/^https:\/\//.test(address)) return el('span', {}, seen(words));
  return el('a', { href: address, rel: 'noopener noreferrer' }, seen(words));
}

/** What is expected and what was seen, as two lists of nodes in which the difference is marked. */
function difference(expected, observed) {
  const one = [...expected], other = [...observed];
  let start = 0;
  while (start < one.length && start < other.length && one[start] === other[start]) start++;
  let end = 0;
  while (end < one.length - start && end < other.length - start && one.at(-1 - end) === other.at(-1 - end)) end++;
  const part = (all, tag) => {
    const middle = all.slice(start, all.length - end).join('');
    return [
      ...seen(all.slice(0, start).join('')),
      ...(middle ? [el(tag, {}, seen(middle))] : []),
      ...seen(all.slice(all.length - end).join('')),
    ];
  };
  return [part(one, 'del'), part(other, 'ins')];
}

const MOST_LINES = 300;

/** Two texts of several lines as one list of lines: kept, only expected, only seen. */
function lineDifference(expected, observed) {
  const one = expected.split('\n').slice(0, MOST_LINES), other = observed.split('\n').slice(0, MOST_LINES);
  const length = Array.from({ length: one.length + 1 }, () => new Uint16Array(other.length + 1));
  for (let i = one.length - 1; i >= 0; i--) {
    for (let j = other.length - 1; j >= 0; j--) {
      length[i][j] = one[i] === other[j] ? length[i + 1][j + 1] + 1 : Math.max(length[i + 1][j], length[i][j + 1]);
    }
  }
  const lines = [];
  let i = 0, j = 0;
  while (i < one.length || j < other.length) {
    if (i < one.length && j < other.length && one[i] === other[j]) lines.push([' ', one[i++]] ) && j++;
    else if (j < other.length && (i === one.length || length[i][j + 1] > length[i + 1][j])) lines.push(['+', other[j++]]);
    else lines.push(['-', one[i++]]);
  }
  return lines;
}
