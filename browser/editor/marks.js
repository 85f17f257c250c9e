// What is wrong, on its line: from the attribute data-marks, [{ line, column, error, text }], of the editor's host.
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { Decoration, EditorView } from '@codemirror/view';
import { StateEffect, StateField } from '@codemirror/state';

const setLines = StateEffect.define();
const lines = StateField.define({
  create: () => Decoration.none,
  update: (value, transaction) => transaction.effects.reduce((at, effect) => effect.is(setLines) ? effect.value : at, value.map(transaction.changes)),
  provide: field => EditorView.decorations.from(field),
});

export const marks = [lintGutter(), lines];

function show(view, wanted) {
  const doc = view.state.doc;
  // The text may have been changed since.
  const found = wanted.filter(mark => mark.line >= 1 && mark.line <= doc.lines).map(mark => {
    const line = doc.line(mark.line);
    const from = Math.min(line.from + Math.max(0, mark.column - 1), line.to);
    return { from, to: Math.max(from, line.to), severity: mark.error ? 'error' : 'warning', message: mark.text, at: line.from };
  });
  const worst = new Map();
  for (const { at, severity } of found) if (worst.get(at) !== 'error') worst.set(at, severity);
  const decorations = [...worst].sort(([a], [b]) => a - b)
    .map(([at, severity]) => Decoration.line({ class: severity === 'error' ? 'cm-wrongLine' : 'cm-doubtfulLine' }).range(at));
  view.dispatch(setDiagnostics(view.state, found.map(({ at, ...diagnostic }) => diagnostic)), { effects: setLines.of(Decoration.set(decorations)) });
}

export function follow(host, view) {
  const read = () => show(view, JSON.parse(host.dataset.marks || '[]'));
  const observer = new MutationObserver(read);
  observer.observe(host, { attributeFilter: ['data-marks'] });
  read();
  return () => observer.disconnect();
}
