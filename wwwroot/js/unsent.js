// What is typed while the console does not hear it: held back, and told when it hears again, or after the page was loaded again.
// Forms keep their own text as well (typed.js), which knows nothing of the last letters and of fields outside of forms.
const store = 'unsent';
const again = 'reloads';
const fields = 'input:not([type=hidden], [type=password], [type=file]), select, textarea';
const edited = new Map(); // element: since when
let holding = false;
let reloading = false;

const now = () => performance.now();
const isCheck = element => element.type === 'checkbox' || element.type === 'radio';
const valueOf = element => isCheck(element) ? element.checked : element.value;

// Where a field stands: by its id, or by its place among those that say the same about themselves.
function nameOf(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  const data = Object.keys(element.dataset).map(key => `[data-${key.replace(/[A-Z]/g, c => '-' + c.toLowerCase())}]`).join('');
  return `${element.localName}${element.name ? `[name="${CSS.escape(element.name)}"]` : ''}${data}`;
}

function placeOf(element) {
  const name = nameOf(element);
  return { name, at: [...document.querySelectorAll(name)].indexOf(element) };
}

const find = ({ name, at }) => document.querySelectorAll(name)[at];

function tell(element) {
  // A text that ends as a chip is told as a chip by whoever types it.
  const chip = element.matches('[data-chip-input]');
  if (!isCheck(element)) element.dispatchEvent(new Event('input', { bubbles: true }));
  if (!chip) element.dispatchEvent(new Event('change', { bubbles: true }));
}

// Whether a key asks for something.
function asks(event, writes) {
  const command = event.ctrlKey || event.metaKey;
  if (event.key === 'Enter') return command || !(event.target.matches('textarea') || event.target.isContentEditable);
  return command ? event.key.toLowerCase() === 'k' : !writes && event.key.length === 1;
}

// Text may be typed; whatever asks the console for something waits, so that nothing happens later that nobody remembers.
function onEvent(event) {
  const target = event.target;
  if (!(target instanceof Element)) return;
  if (event.type === 'input' || event.type === 'change') {
    if ((event.isTrusted || 'typed' in target.dataset) && target.matches(fields)) edited.set(target, now());
    if (holding) event.stopImmediatePropagation();
    return;
  }
  if (!holding || target.closest('#connection')) return;
  const writes = target.matches(fields) || target.isContentEditable;
  if (event.type === 'click' && writes) return;
  if (event.type === 'focusout' || (event.type === 'keydown' && !asks(event, writes))) {
    // A chip would be told now, and its text taken out of the field.
    if (target.matches('[data-chip-input]')) event.stopImmediatePropagation();
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
}

for (const name of ['input', 'change', 'click', 'dblclick', 'submit', 'keydown', 'focusout', 'dragstart']) addEventListener(name, onEvent, true);
addEventListener('beforeunload', event => { if (reloading) event.stopImmediatePropagation(); }, true);

let since = Infinity;

export function hold() {
  if (holding) return;
  holding = true;
  // What was typed in the last seconds was perhaps sent into silence.
  since = now() - 5000;
}

export function release() {
  holding = false;
  for (const [element, at] of edited) if (at >= since && element.isConnected) tell(element);
}

// False when this page was loaded again by itself twice in the last minute: then something else is the matter.
export function mayReload() {
  const times = JSON.parse(sessionStorage.getItem(again) ?? '[]').filter(t => t.address === location.href && Date.now() - t.at < 60_000);
  if (times.length >= 2) return false;
  sessionStorage.setItem(again, JSON.stringify([...times, { address: location.href, at: Date.now() }]));
  return true;
}

export function reload() {
  reloading = true;
  dispatchEvent(new Event('cc:reloading'));
  const kept = [...edited.keys()].filter(element => element.isConnected).map(element => ({ ...placeOf(element), value: valueOf(element) }));
  if (kept.length) sessionStorage.setItem(store, JSON.stringify({ address: location.href, kept }));
  location.reload();
}

function put(field) {
  const element = find(field);
  if (!element || element.disabled || element.readOnly || element.form?.querySelector('[data-returning]')) return false;
  if (!edited.has(element) && valueOf(element) !== field.value) {
    edited.set(element, now());
    if (isCheck(element)) element.checked = field.value; else element.value = field.value;
    tell(element);
  }
  return true;
}

// Puts back what stood in fields before the page loaded itself again, each as soon as it is there; forms that keep their own text come first.
export async function restore() {
  const text = sessionStorage.getItem(store);
  sessionStorage.removeItem(store);
  if (text === null) return;
  const { address, kept } = JSON.parse(text);
  if (address !== location.href) return;
  let open = kept;
  for (const end = now() + 60_000; open.length && now() < end;) {
    await quiet(800);
    if (document.querySelector('main[data-ready]') && !holding) open = open.filter(field => !put(field));
  }
}

// Resolves once the page was not drawn for a while.
function quiet(time) {
  return new Promise(resolve => {
    const done = () => { observer.disconnect(); resolve(); };
    let timer = setTimeout(done, time);
    const limit = now() + 4 * time;
    const observer = new MutationObserver(() => { if (now() < limit) { clearTimeout(timer); timer = setTimeout(done, time); } });
    observer.observe(document.body, { childList: true, subtree: true, characterData: true });
  });
}
