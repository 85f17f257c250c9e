// Ties an editor to a text area, which stays what the console knows: its text and its events are the page's, its attributes say what the editor may do.
import { EditorState, Annotation, Compartment, Prec } from '@codemirror/state';
import { EditorView, keymap, placeholder } from '@codemirror/view';

const pause = 200; // after the last key, until the console hears of it
const told = Annotation.define(); // by the page, not by a person
const native = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value');

// The least that makes one text of another, so that what is selected stays selected.
function change(from, to) {
  let start = 0;
  let [end, endTo] = [from.length, to.length];
  while (start < end && start < endTo && from.charCodeAt(start) === to.charCodeAt(start)) start++;
  while (end > start && endTo > start && from.charCodeAt(end - 1) === to.charCodeAt(endTo - 1)) { end--; endTo--; }
  return { from: start, to: end, insert: to.slice(start, endTo) };
}

export class Field {
  #area;
  #label;
  #view = null;
  #timer = null;
  #unsent = false;
  #means = new Compartment();
  #quit = new AbortController();
  #observer;

  constructor(area) {
    this.#area = area;
    this.#label = area.id ? document.querySelector(`label[for="${CSS.escape(area.id)}"]`) : null;
  }

  get text() { return native.get.call(this.#area); }

  // What the editor needs for it; its undo is the page's where that has one for all of its fields.
  extensions() {
    const keys = [{ key: 'Mod-Enter', run: () => this.#pass() }];
    if (this.#area.closest('[data-undo-scope]')) keys.push(...['Mod-z', 'Mod-y', 'Mod-Shift-z'].map(key => ({ key, run: () => this.#pass() })));
    return [
      this.#means.of(this.#meansNow()),
      Prec.highest(keymap.of(keys)),
      EditorState.transactionFilter.of(transaction => this.#cut(transaction)),
      EditorView.updateListener.of(update => {
        if (!update.docChanged || update.transactions.every(t => t.annotation(told))) return;
        native.set.call(this.#area, update.state.doc.toString());
        this.#unsent = true;
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.send(), pause);
      }),
      EditorView.domEventHandlers({
        blur: (event, view) => {
          if (view.dom.contains(event.relatedTarget)) return;
          this.send();
          this.#area.dispatchEvent(new FocusEvent('blur'));
        },
      }),
    ];
  }

  // From here on the editor stands in the text area's place.
  take(view) {
    this.#view = view;
    const { selectionStart, selectionEnd } = this.#area;
    const focused = document.activeElement === this.#area;
    Object.defineProperty(this.#area, 'value', { configurable: true, get: () => this.text, set: text => this.#put(text) });
    this.#area.focus = options => { view.focus(); if (!options?.preventScroll) view.dom.scrollIntoView({ block: 'nearest' }); };
    // Events that it sends for the editor are a person's (wwwroot/js/unsent.js).
    this.#area.dataset.typed = '';
    this.#area.hidden = true;
    if (this.#label) {
      this.#label.id ||= `${this.#area.id}-label`;
      this.#label.removeAttribute('for');
      this.#label.addEventListener('click', () => view.focus(), { signal: this.#quit.signal });
    }
    this.#tell();
    if (focused) {
      view.dispatch({ selection: { anchor: Math.min(selectionStart, view.state.doc.length), head: Math.min(selectionEnd, view.state.doc.length) } });
      view.focus();
    }
    const options = { capture: true, signal: this.#quit.signal };
    const flush = () => this.send();
    for (const name of ['submit', 'pointerdown', 'cc:reloading']) addEventListener(name, flush, options);
    this.#observer = new MutationObserver(() => this.#tell());
    this.#observer.observe(this.#area, { attributeFilter: ['disabled', 'readonly', 'aria-invalid', 'aria-describedby', 'placeholder'] });
  }

  // Tells the console of what was typed.
  send() {
    clearTimeout(this.#timer);
    if (!this.#unsent) return;
    this.#unsent = false;
    this.#area.dispatchEvent(new Event('input', { bubbles: true }));
  }

  end() {
    this.send();
    this.#quit.abort();
    this.#observer?.disconnect();
    delete this.#area.value;
    delete this.#area.focus;
    delete this.#area.dataset.typed;
    this.#area.hidden = false;
    this.#label?.setAttribute('for', this.#area.id);
  }

  // Somebody else hears the key as well: whoever sends the form, or takes a step back.
  #pass() {
    this.send();
    return true;
  }

  // A text area takes no more than its maxlength.
  #cut(transaction) {
    const most = this.#area.maxLength;
    return transaction.docChanged && most > 0 && transaction.newDoc.length > most && !transaction.annotation(told)
      ? [transaction, { changes: { from: most, to: transaction.newDoc.length }, sequential: true }] : transaction;
  }

  #put(text) {
    native.set.call(this.#area, text);
    const [was, is] = [this.#view.state.doc.toString(), this.text];
    // What waited to be told is replaced.
    this.#unsent = false;
    if (was !== is) this.#view.dispatch({ changes: change(was, is), annotations: told.of(true) });
  }

  #tell() {
    this.#view.dispatch({ effects: this.#means.reconfigure(this.#meansNow()) });
  }

  #meansNow() {
    const { disabled, readOnly } = this.#area;
    // A text that cannot be written now can still be scrolled by keys.
    const attributes = { 'aria-describedby': this.#area.getAttribute('aria-describedby') ?? '', spellcheck: 'false', tabindex: '0' };
    if (this.#label?.id) attributes['aria-labelledby'] = this.#label.id;
    else attributes['aria-label'] = this.#area.getAttribute('aria-label') ?? '';
    if (this.#area.getAttribute('aria-invalid') === 'true') attributes['aria-invalid'] = 'true';
    if (disabled) attributes['aria-disabled'] = 'true';
    return [
      EditorState.readOnly.of(disabled || readOnly), EditorView.editable.of(!disabled), EditorView.contentAttributes.of(attributes),
      this.#area.placeholder ? placeholder(this.#area.placeholder) : [],
    ];
  }
}
