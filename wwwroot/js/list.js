// What lists do in the browser alone: columns dragged and made wider without a word to the server until the end, the menu of a row put beside its button,
// and what is cut short told on hover.
const narrowest = 48;
const widest = 1200;
const step = 16;
const started = new WeakMap(); // section: what stops it
let asker = null; // the row's button that was pressed last

const headsOf = table => [...table.querySelectorAll('thead th[data-column]')];
const widthsOf = table => new Map(headsOf(table).map(head => [head.dataset.column, Math.round(head.getBoundingClientRect().width)]));
const within = width => Math.min(widest, Math.max(narrowest, Math.round(width)));

// All columns at once, in pixels: what one of them takes, the list grows by.
function draw(table, widths) {
  const fixed = [...table.querySelectorAll('thead th:not([data-column])')].reduce((sum, head) => sum + head.getBoundingClientRect().width, 0);
  let total = fixed;
  for (const [key, width] of widths) {
    const col = table.querySelector(`col[data-column="${CSS.escape(key)}"]`);
    if (col) col.style.width = `${width}px`;
    total += width;
  }
  table.style.minWidth = `${Math.round(total)}px`;
}

function resize(table, dotnet, key, widths) {
  table.querySelector(`[data-resize="${CSS.escape(key)}"]`)?.setAttribute('aria-valuenow', String(widths.get(key)));
  return dotnet.invokeMethodAsync('OnResized', Object.fromEntries(widths));
}

function dragEdge(event, handle, dotnet) {
  const table = handle.closest('table');
  const key = handle.dataset.resize;
  const before = widthsOf(table);
  let now = before;
  const from = event.clientX;
  event.preventDefault();
  handle.setPointerCapture(event.pointerId);
  const onMove = e => {
    now = new Map(before).set(key, within(before.get(key) + e.clientX - from));
    draw(table, now);
  };
  const onEnd = () => {
    for (const name of ['pointermove', 'pointerup', 'pointercancel']) handle.removeEventListener(name, name === 'pointermove' ? onMove : onEnd);
    if (now !== before) resize(table, dotnet, key, now);
  };
  handle.addEventListener('pointermove', onMove);
  handle.addEventListener('pointerup', onEnd);
  handle.addEventListener('pointercancel', onEnd);
}

// The first column stays the first one: it is neither dragged nor a place to drop before.
function dragHead(event, head, dotnet) {
  const heads = headsOf(head.closest('table'));
  const at = heads.indexOf(head);
  const from = event.clientX;
  let over = null;
  if (at < 1) return;
  const unmark = () => heads.forEach(h => h.removeAttribute('data-drop'));
  const onMove = e => {
    if (over === null && Math.abs(e.clientX - from) < 6) return;
    head.setAttribute('data-dragged', '');
    unmark();
    over = heads.findIndex(h => { const box = h.getBoundingClientRect(); return e.clientX >= box.left && e.clientX < box.right; });
    over = over < 0 ? at : Math.max(1, over);
    if (over !== at) heads[over].setAttribute('data-drop', over > at ? 'after' : 'before');
  };
  const onEnd = () => {
    document.removeEventListener('pointermove', onMove);
    document.removeEventListener('pointerup', onEnd);
    document.removeEventListener('pointercancel', onEnd);
    unmark();
    head.removeAttribute('data-dragged');
    if (over === null) return;
    // What was a drag is no click: the list is not sorted by it.
    const still = e => { e.preventDefault(); e.stopPropagation(); };
    document.addEventListener('click', still, { capture: true, once: true });
    setTimeout(() => document.removeEventListener('click', still, { capture: true }), 0);
    if (over !== at) dotnet.invokeMethodAsync('OnMoved', head.dataset.column, over - at);
  };
  document.addEventListener('pointermove', onMove);
  document.addEventListener('pointerup', onEnd);
  document.addEventListener('pointercancel', onEnd);
}

// Left and right walk over headings and their edges; on an edge they move it, and Escape goes back to the heading. With Alt a heading moves its column.
function onHeadKey(event, head, dotnet) {
  const side = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const handle = event.target.closest('[data-resize]');
  if (handle && (event.key === 'Escape' || event.key === 'Enter')) {
    event.preventDefault();
    event.stopPropagation();
    head.querySelector('button')?.focus();
    return;
  }
  if (!side || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  event.stopPropagation();
  const table = head.closest('table');
  if (handle && !event.altKey) {
    const widths = widthsOf(table);
    widths.set(handle.dataset.resize, within(widths.get(handle.dataset.resize) + side * step));
    draw(table, widths);
    resize(table, dotnet, handle.dataset.resize, widths);
  } else if (event.altKey) {
    dotnet.invokeMethodAsync('OnMoved', head.dataset.column, side);
  } else {
    const stops = [...table.querySelectorAll('thead th[data-column] button, thead [data-resize]')].filter(stop => stop.offsetParent);
    stops[stops.indexOf(event.target) + side]?.focus();
  }
}

export function start(section, dotnet) {
  const onDown = event => {
    if (event.button !== 0) return;
    const handle = event.target.closest('[data-resize]');
    const head = event.target.closest('thead th[data-column]');
    if (handle) dragEdge(event, handle, dotnet);
    else if (head && event.pointerType !== 'touch') dragHead(event, head, dotnet);
  };
  const onKey = event => {
    const head = event.target.closest('thead th[data-column]');
    if (head) onHeadKey(event, head, dotnet);
    const links = event.target.closest('[data-row-actions]')?.querySelectorAll('a');
    const side = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (links && side) {
      event.preventDefault();
      event.stopPropagation();
      links[([...links].indexOf(event.target) + side + links.length) % links.length].focus();
    }
  };
  const onClick = event => { asker = event.target.closest('td.act button') ?? asker; };
  const onOver = event => {
    const cell = event.target.closest('tbody tr[data-row] > td');
    const cut = cell && [cell, ...cell.querySelectorAll('.chip, .tag')].some(part => part.scrollWidth > part.clientWidth);
    if (cut) cell.title = cell.innerText;
    else cell?.removeAttribute('title');
  };
  const all = { pointerdown: onDown, keydown: onKey, click: onClick, pointerover: onOver };
  for (const [name, handler] of Object.entries(all)) section.addEventListener(name, handler);
  started.set(section, () => { for (const [name, handler] of Object.entries(all)) section.removeEventListener(name, handler); });
}

// Beside the button of its row, wholly to be seen; the browser closes it on Escape and on a click elsewhere, and gives the focus back.
export function openMenu(menu) {
  if (!menu || !asker?.isConnected) return;
  asker.focus({ preventScroll: true });
  if (!menu.matches(':popover-open')) menu.showPopover();
  const [button, box] = [asker.getBoundingClientRect(), menu.getBoundingClientRect()];
  menu.style.left = `${Math.max(8, Math.min(innerWidth - box.width - 8, button.right - box.width))}px`;
  menu.style.top = `${button.bottom + box.height + 8 < innerHeight ? button.bottom + 2 : Math.max(8, button.top - box.height - 2)}px`;
  menu.querySelector('a')?.focus();
}

// Some of the rows are selected: only a script can say that of a check box.
export function markPartly(section, partly) {
  const box = section?.querySelector('thead .pick input');
  if (box) box.indeterminate = partly;
}

export function stop(section) {
  started.get(section)?.();
  started.delete(section);
}
