// Keys and clicks that need no answer of the server.
const places = { o: '', n: 'nodes', p: 'ippools', w: 'networks', c: 'containers', e: 'endpoints', r: 'profiles', a: 'audit' };
const typing = element => element?.closest('input:not([type=checkbox]), textarea, select, [contenteditable]');
const rowsOf = element => [...element.closest('tbody').querySelectorAll('tr[data-row], tr[data-group]')];
const menus = 'details.more[open], details.list-menu[open]';
let goes = -Infinity;

function focusRow(rows, index) {
  const link = rows[Math.max(0, Math.min(rows.length - 1, index))]?.querySelector('a, button');
  link?.focus({ preventScroll: true });
  link?.closest('tr').scrollIntoView({ block: 'nearest' });
}

function onRowKey(event, row) {
  const rows = rowsOf(row);
  const at = rows.indexOf(row);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  if (to < 0) document.querySelector('[data-filter]')?.focus();
  else focusRow(rows, to);
  // Shift extends the selection to where the focus went, from the row that it began with.
  const next = rows[Math.max(0, Math.min(rows.length - 1, to))];
  if (event.shiftKey && next !== row && pickOf(next)) {
    if (!row.closest('table').querySelector('[data-anchor]')) pick(row);
    pick(next, true);
  }
}

const pickOf = row => row.querySelector('td.pick input');
const pick = (row, shiftKey = false) => pickOf(row)?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, shiftKey }));

// A group's head opens and closes by its button, and as in a tree; a row is selected by the space bar.
function onRowOwnKey(event, row) {
  const opens = row.querySelector('button[aria-expanded]');
  if (opens && (event.key === 'ArrowRight' || event.key === 'ArrowLeft')) {
    event.preventDefault();
    if ((opens.getAttribute('aria-expanded') === 'true') === (event.key === 'ArrowLeft')) opens.click();
  } else if (event.key === ' ' && event.target.tagName === 'A' && pickOf(row)) {
    event.preventDefault();
    pick(row, event.shiftKey);
  }
}

// Only in a list whose rows can be selected; menus close before a selection is given up.
function onSelectionKey(event) {
  const list = event.target.closest?.('.objects');
  if (!list || typing(event.target) || document.querySelector('dialog[open]')) return false;
  if (event.key === 'Escape') list.querySelector('[data-clear-picks]')?.click();
  const all = event.key === 'a' && (event.ctrlKey || event.metaKey) && event.target.closest('.rows') && list.querySelector('thead .pick input');
  if (all) event.preventDefault();
  if (all && !(all.checked && !all.indeterminate)) all.click();
  return Boolean(all);
}

function toggleNav(open) {
  const root = document.documentElement;
  if (matchMedia('(max-width: 959px)').matches) {
    const show = open ?? root.dataset.drawer !== 'open';
    if (show) root.dataset.drawer = 'open'; else delete root.dataset.drawer;
    if (show) document.querySelector('#nav a')?.focus();
    document.querySelector('[data-toggle-nav]')?.setAttribute('aria-expanded', String(show));
  } else if (open === undefined) {
    const narrow = root.dataset.nav !== 'narrow';
    if (narrow) root.dataset.nav = 'narrow'; else delete root.dataset.nav;
    localStorage.setItem('nav', narrow ? 'narrow' : 'wide');
  }
}

export function listen(askPalette) {
  const onKey = event => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      askPalette();
      return;
    }
    const target = event.target;
    if (target.closest?.('[data-palette-input]')) {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        // The server moves the choice; the list follows when it has.
        setTimeout(() => document.querySelector('#palette-list [aria-selected=true]')?.scrollIntoView({ block: 'nearest' }), 80);
      }
      return;
    }
    if (event.key === 'Escape') {
      toggleNav(false);
      const open = [...document.querySelectorAll(menus)];
      open.forEach(menu => { menu.open = false; menu.querySelector('summary').focus(); });
      if (open.length || document.querySelector('[popover]:popover-open')) return;
    }
    if (onSelectionKey(event)) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.matches?.('[data-filter]') && event.key === 'ArrowDown') {
      event.preventDefault();
      focusRow([...document.querySelectorAll('tbody tr[data-row], tbody tr[data-group]')], 0);
      return;
    }
    if (typing(target)) return;
    const row = target.closest?.('tr[data-row], tr[data-group]');
    if (row) onRowKey(event, row);
    if (row) onRowOwnKey(event, row);
    if (document.querySelector('dialog[open]')) return;
    if (event.key === '/') {
      const filter = document.querySelector('[data-filter]');
      if (filter) { event.preventDefault(); filter.focus(); filter.select(); }
    } else if (event.key === '?') {
      document.getElementById('keys')?.showModal();
    } else if (event.key === 'g') {
      goes = event.timeStamp;
    } else if (event.key in places && event.timeStamp - goes < 1000) {
      goes = -Infinity;
      Blazor.navigateTo(places[event.key]);
    }
  };
  const onClick = event => {
    const target = event.target;
    if (target.closest('[data-palette]')) askPalette();
    if (target.closest('[data-keys]')) document.getElementById('keys')?.showModal();
    if (target.closest('[data-toggle-nav]')) toggleNav();
    else if (target.closest('[data-close-nav], #nav a')) toggleNav(false);
    document.querySelectorAll(menus).forEach(menu => { if (!menu.contains(target) || target.closest('a')) menu.open = false; });
    if (target.closest('#operations a')) document.getElementById('operations').hidePopover();
    if (target.tagName === 'DIALOG' && (target.id === 'palette' || target.id === 'keys')) target.close();
    const row = target.closest('.objects tr[data-row]');
    if (row && !target.closest('a, button, input, select, summary, .pick, .act') && getSelection().isCollapsed) row.querySelector('a')?.click();
  };
  document.addEventListener('keydown', onKey);
  document.addEventListener('click', onClick);
  return () => {
    document.removeEventListener('keydown', onKey);
    document.removeEventListener('click', onClick);
  };
}
