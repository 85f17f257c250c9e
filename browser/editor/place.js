// Where a place of a YAML text is among the keys, told by indentation alone: it also serves while the text cannot be read.
const form = /^(\s*)((?:-(?: +|$))*)(?:(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9_.-]+))\s*:(?:\s+(.*))?$)?/;

// The columns of a line's first dash and of its key; dash is null where it begins no item.
export function parse(text) {
  const [, indent, dashes, double, single, plain, value] = form.exec(text);
  return {
    dash: dashes ? indent.length : null,
    column: indent.length + dashes.length,
    key: double ?? single ?? plain,
    value: clean(value ?? ''),
  };
}

const clean = value => value.replace(/(^|\s+)#.*$/, '').trim().replace(/^(["'])(.*)\1$/, '$2');
const skips = text => /^\s*(#.*)?$/.test(text);
const ends = text => /^(---|\.\.\.)/.test(text);
const start = found => found.dash ?? found.column;

// path: the keys around the line, outermost first; beside: the keys of the same object; kind: the document's. Null where the indentation makes no sense.
export function place(lines, index, { dash, column }) {
  const path = [];
  const beside = new Set();
  let [at, item] = dash === null ? [column, false] : [dash, true];
  let [root, outer] = [index, column];
  for (let i = index - 1; i >= 0 && !ends(lines[i]); i--) {
    if (skips(lines[i])) continue;
    const found = parse(lines[i]);
    if (!item && found.column === at) {
      if (path.length === 0 && found.key !== undefined) beside.add(found.key);
      // Its object begins behind this dash.
      if (found.dash !== null) [at, item] = [found.dash, true];
    } else if (found.key !== undefined && found.value === '' && (item ? found.column <= at : found.column < at)) {
      path.unshift(found.key);
      [root, outer] = [i, found.column];
      [at, item] = found.dash === null ? [found.column, false] : [found.dash, true];
    } else if (start(found) < at) {
      return null;
    }
  }
  for (let i = index + 1; i < lines.length && !ends(lines[i]); i++) {
    if (skips(lines[i])) continue;
    const found = parse(lines[i]);
    if (start(found) < column) break;
    if (found.dash === null && found.column === column && found.key !== undefined) beside.add(found.key);
  }
  return { path, beside, kind: kindOf(lines, root, outer) };
}

function kindOf(lines, root, column) {
  const begins = found => found.dash !== null && found.column === column;
  for (let i = root; i >= 0 && !ends(lines[i]); i--) {
    const found = parse(lines[i]);
    if (found.column === column && found.key === 'kind') return found.value;
    if (begins(found)) break;
  }
  for (let i = root + 1; i < lines.length && !ends(lines[i]); i++) {
    const found = parse(lines[i]);
    if (begins(found)) break;
    if (found.column === column && found.key === 'kind') return found.value;
  }
  return undefined;
}
