// Keys and clicks that need no answer of the server.
const places = { o: '', n: 'nodes', p: 'ippools', w: 'networks', c: 'containers', e: 'endpoints', r: 'profiles', a: 'audit' };
const typing = element => element?.closest('input, textarea, select, [contenteditable]');
const rowsOf = element => [...element.closest('tbody').querySelectorAll('tr[data-row]')];
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
      document.querySelectorAll('details.more[open]').forEach(menu => { menu.open = false; menu.querySelector('summary').focus(); });
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.matches?.('[data-filter]') && event.key === 'ArrowDown') {
      event.preventDefault();
      focusRow([...document.querySelectorAll('tbody tr[data-row]')], 0);
      return;
    }
    if (typing(target)) return;
    const row = target.closest?.('tr[data-row]');
    if (row) onRowKey(event, row);
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
    document.querySelectorAll('details.more[open]').forEach(menu => { if (!menu.contains(target) || target.closest('a')) menu.open = false; });
    if (target.closest('#operations a')) document.getElementById('operations').hidePopover();
    if (target.tagName === 'DIALOG' && (target.id === 'palette' || target.id === 'keys')) target.close();
    const row = target.closest('.objects tr[data-row]');
    if (row && !target.closest('a, button, input, select, summary') && getSelection().isCollapsed) row.querySelector('a')?.click();
  };
  document.addEventListener('keydown', onKey);
  document.addEventListener('click', onClick);
  return () => {
    document.removeEventListener('keydown', onKey);
    document.removeEventListener('click', onClick);
  };
}
