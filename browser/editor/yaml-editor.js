// The YAML editor of the console (src/Web/Kit/Forms/YamlEditor.razor), loaded on its first use.
import { autocompletion } from '@codemirror/autocomplete';
import { yaml } from '@codemirror/lang-yaml';
import { indentUnit } from '@codemirror/language';
import { MergeView, unifiedMergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { basicSetup } from 'codemirror';
import { completions } from './completion.js';
import { Field } from './field.js';
import { look } from './look.js';
import { follow, marks } from './marks.js';
import './stage.js';

const narrow = 560; // two texts do not fit beside each other
const base = [basicSetup, yaml(), indentUnit.of('  '), look];
const reading = label => [
  base, EditorState.readOnly.of(true), EditorView.contentAttributes.of({ 'aria-label': label, 'aria-readonly': 'true', tabindex: '0' }),
];
const ofBoth = (type, act) => type === 'accept' ? button('Keep mine', 'Keep mine here', act) : button('Take theirs', 'Take theirs here', act);
const stage = host => host.querySelector('[data-editor]');

function ready(host, ...ends) {
  host.dataset.editing = '';
  return { end() { for (const end of ends) end(); stage(host)?.replaceChildren(); delete host.dataset.editing; } };
}

function writing(field, schema) {
  return [
    base, marks, EditorState.tabSize.of(2), schema ? autocompletion({ override: [completions(JSON.parse(schema))], icons: false }) : [], field.extensions(),
  ];
}

// A text area in the host, written in an editor.
export function edit(host, schema) {
  const field = new Field(host.querySelector('textarea'));
  const view = new EditorView({ doc: field.text, extensions: writing(field, schema), parent: stage(host) });
  field.take(view);
  const forget = follow(host, view);
  return ready(host, forget, () => field.end(), () => view.destroy());
}

// A pre in the host, only to be read.
export function show(host) {
  const pre = host.querySelector('pre');
  const view = new EditorView({ doc: pre.textContent, extensions: reading(pre.getAttribute('aria-label')), parent: stage(host) });
  const observer = new MutationObserver(() => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: pre.textContent } }));
  observer.observe(pre, { characterData: true, childList: true, subtree: true });
  pre.hidden = true;
  return ready(host, () => observer.disconnect(), () => view.destroy(), () => { pre.hidden = false; });
}

function button(text, label, act) {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = text;
  made.setAttribute('aria-label', label);
  if (act) made.onclick = act;
  // The merge view listens to the mouse alone; a click by the keyboard has no count.
  else made.onclick = event => { if (event.detail === 0) made.dispatchEvent(new MouseEvent('mousedown', { bubbles: true })); };
  return made;
}

// A text area in the host beside the text of somebody else, in data-theirs.
export function merge(host, schema) {
  const field = new Field(host.querySelector('textarea'));
  const theirs = host.dataset.theirs;
  const own = writing(field, schema);
  const options = { collapseUnchanged: { margin: 3, minSize: 6 }, diffConfig: { scanLimit: 500, timeout: 500 } };
  if (host.clientWidth < narrow) {
    const extensions = [own, unifiedMergeView({ original: theirs, mergeControls: ofBoth, ...options })];
    const view = new EditorView({ doc: field.text, extensions, parent: stage(host) });
    field.take(view);
    return ready(host, () => field.end(), () => view.destroy());
  }

  const view = new MergeView({
    a: { doc: theirs, extensions: reading(host.dataset.theirsLabel) },
    b: { doc: field.text, extensions: own },
    parent: stage(host),
    revertControls: 'a-to-b',
    renderRevertControl: () => button('→', 'Take this change of theirs'),
    ...options,
  });
  field.take(view.b);
  return ready(host, () => field.end(), () => view.destroy());
}
