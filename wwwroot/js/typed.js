// Text that was typed into forms and not sent yet: kept in the tab's session storage, by a key that the form gives, until the form has ended.
// Whoever reloads the page by itself says so first, window.dispatchEvent(new Event('cc:reloading')): then the browser does not ask, since the text comes back.
let asks = false;
let reloading = false;

export function read(key) {
  try { return sessionStorage.getItem(key); } catch { return null; }
}

// False when the browser keeps nothing: storage is full, or not allowed.
export function write(key, text) {
  try {
    if (text === null) sessionStorage.removeItem(key); else sessionStorage.setItem(key, text);
    return true;
  } catch {
    return false;
  }
}

// Whether the browser is to ask before the tab is closed or another site is opened.
export function askBeforeUnload(value) {
  asks = value;
}

export function show(dialog) {
  if (dialog?.isConnected && !dialog.open) dialog.showModal();
}

// Not away from where somebody writes or chooses meanwhile: on a slow line the focus comes late.
export function giveFocus(element) {
  if (element?.isConnected && !document.activeElement?.matches('input, textarea, select, summary, [contenteditable]')) element.focus();
}

export function close(dialog) {
  if (dialog?.open) dialog.close();
}

addEventListener('cc:reloading', () => { reloading = true; });
addEventListener('beforeunload', event => {
  // Without a connection nothing but a load helps, and what was typed comes back with it.
  const lost = document.documentElement.dataset.connection === 'lost';
  if (!asks || reloading || lost) return;
  event.preventDefault();
  event.returnValue = '';
});
