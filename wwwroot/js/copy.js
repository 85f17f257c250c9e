// Copies, also on a page without TLS, where the browser has no clipboard: then within the click itself, as browsers have it.
function copyBySelection(text, near) {
  const field = document.createElement('textarea');
  field.value = text;
  field.setAttribute('aria-hidden', 'true');
  field.style.cssText = 'position:fixed;top:0;left:0;opacity:0';
  const focused = document.activeElement;
  // Nothing outside of an open dialog can be selected.
  (near.closest('dialog') ?? document.body).append(field);
  field.select();
  try {
    return document.execCommand('copy');
  } catch {
    return false;
  } finally {
    field.remove();
    focused?.focus({ preventScroll: true });
  }
}

async function copy(text, near) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Not allowed here: the other way may be.
    }
  }
  return copyBySelection(text, near);
}

function select(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}

async function onClick(event) {
  const button = event.target.closest?.('[data-copy], [data-copy-code]');
  if (!button) return;
  const code = button.closest('section')?.querySelector('pre.code');
  const done = await copy('copyCode' in button.dataset ? code.textContent : button.dataset.copy, button);
  if (!done) select('copyCode' in button.dataset ? code : button.previousSibling ?? button.parentElement);
  button.dataset.copied = done ? 'yes' : 'no';
  const said = document.getElementById('said');
  said.textContent = done ? 'Copied' : 'The browser does not allow this page to copy. The text is selected: press Ctrl+C.';
  said.toggleAttribute('data-shown', !done);
  setTimeout(() => { delete button.dataset.copied; said.textContent = ''; said.removeAttribute('data-shown'); }, done ? 2000 : 6000);
}

export function listen() {
  document.addEventListener('click', onClick);
  return () => document.removeEventListener('click', onClick);
}
