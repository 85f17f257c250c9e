// What the rule editor needs of the browser before it acts by itself: keys of chips and of undo, and the drag of rules.
let dragged = null;

const rowOf = event => event.target.closest?.('[data-drag-row]');

function unmark() {
  document.querySelectorAll('[data-drag-over]').forEach(row => row.removeAttribute('data-drag-over'));
}

// Undo is of the whole draft, also while a text is typed: the browser's own would undo only what that field knows.
function onUndo(event) {
  const scope = event.target.closest?.('[data-undo-scope]') ?? (event.target === document.body ? document.querySelector('[data-undo-scope]') : null);
  if (!scope || event.altKey || !(event.ctrlKey || event.metaKey)) return false;
  const key = event.key.toLowerCase();
  const step = key === 'z' ? (event.shiftKey ? 'redo' : 'undo') : key === 'y' && !event.shiftKey ? 'redo' : null;
  if (!step) return false;
  event.preventDefault();
  scope.querySelector(`[data-${step}]`)?.click();
  return true;
}

// The text goes to the server as a change and out of the input at once, so that the next key is not part of it.
function commit(input) {
  input.dispatchEvent(new Event('change', { bubbles: true }));
  input.value = '';
}

function onChipKey(event) {
  const target = event.target;
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (target.matches?.('[data-chip-input]')) {
    const ends = event.key === 'Enter' || (target.dataset.chipInput === 'words' && (event.key === ',' || event.key === ' '));
    if (ends && (target.value !== '' || event.key !== 'Enter')) {
      event.preventDefault();
      if (target.value !== '') commit(target);
    } else if (event.key === 'Backspace' && target.value === '') {
      [...target.parentElement.querySelectorAll('[data-chip-remove]')].at(-1)?.click();
    }
  } else if (target.matches?.('[data-chip-remove]') && (event.key === 'Delete' || event.key === 'Backspace')) {
    event.preventDefault();
    target.click();
  }
}

// Enter alone never sends a change (the form's first submit button is disabled); Ctrl+Enter sends what is typed, from any of its fields.
function onSend(event) {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.isComposing || event.repeat) return false;
  const form = event.target.closest?.('form[data-operation-form]');
  if (!form || document.querySelector('dialog[open]')) return false;
  event.preventDefault();
  if (event.target.matches('[data-chip-input]') && event.target.value !== '') commit(event.target);
  const button = form.querySelector('button[type=submit]');
  // Pressed with errors that were not said yet, it says them; with a refusal that is known it does nothing.
  if (button && !button.disabled && button.getAttribute('aria-disabled') !== 'true') form.requestSubmit(button);
  return true;
}

const typing = element => element.closest('input:not([type=checkbox]), textarea, select, [contenteditable], [role=combobox]');
let goes = -Infinity;

function onCardKey(event, card) {
  if (event.key === 'Escape' && !event.altKey && !document.querySelector('.mud-popover-open')) {
    card.querySelector('[data-rule-done]')?.click();
    return true;
  }
  // In a choice of the browser's these keys open it.
  if (!event.altKey || event.target.closest('select, [role=combobox]')) return false;
  const way = { ArrowUp: 'up', ArrowDown: 'down' }[event.key];
  if (!way) return false;
  event.preventDefault();
  card.closest('[data-drag-row]').querySelector(`[data-move=${way}]`)?.click();
  return true;
}

// Keys of a rule that the server need not answer; those on its sentence alone (Alt and arrows, Delete, d) are RuleTable's.
function onRuleKey(event) {
  const scope = document.querySelector('[data-undo-scope]');
  const target = event.target;
  if (!scope || !target.closest || event.isComposing || event.ctrlKey || event.metaKey || document.querySelector('dialog[open]')) return false;
  const card = target.closest('[data-rule-card]');
  if (card && onCardKey(event, card)) return true;
  if (event.altKey || typing(target)) return false;
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (step && target.matches('.rule-open')) {
    event.preventDefault();
    const all = [...scope.querySelectorAll('.rule-open')];
    all[all.indexOf(target) + step]?.focus();
    return true;
  }
  // The second key of "g e" is not this one.
  if (event.key === 'g') goes = event.timeStamp;
  const list = { i: 'ingress', e: 'egress' }[event.key];
  if (!list || event.repeat || event.timeStamp - goes < 1000 || !(target === document.body || target.closest('main'))) return false;
  event.preventDefault();
  scope.querySelector(`[data-add-rule=${list}]`)?.click();
  return true;
}

export function listen() {
  // A button that is known to be refused stays in reach, to say why; it does not send.
  const onClick = event => { if (event.target.closest?.('button[type=submit][aria-disabled=true]')) event.preventDefault(); };
  const onKey = event => onSend(event) || onUndo(event) || onRuleKey(event) || onChipKey(event);
  // The browser has told of the change already when the focus goes.
  const onLeave = event => { if (event.target.matches?.('[data-chip-input]')) event.target.value = ''; };
  const onDragStart = event => {
    dragged = rowOf(event) ?? null;
    if (!dragged) return;
    event.dataTransfer.effectAllowed = 'move';
    event.dataTransfer.setData('text/plain', '');
  };
  const onDragOver = event => {
    const row = rowOf(event);
    if (!dragged || row?.parentElement !== dragged.parentElement) return;
    event.preventDefault();
    if (!row.hasAttribute('data-drag-over')) {
      unmark();
      row.setAttribute('data-drag-over', '');
    }
  };
  const onDragEnd = () => {
    dragged = null;
    unmark();
  };
  const all = { keydown: onKey, click: onClick, focusout: onLeave, dragstart: onDragStart, dragover: onDragOver, dragend: onDragEnd, drop: onDragEnd };
  for (const [name, handler] of Object.entries(all)) document.addEventListener(name, handler);
  return () => { for (const [name, handler] of Object.entries(all)) document.removeEventListener(name, handler); };
}
