// What Blazor cannot do itself: colours of the system, visibility of the tab, clipboard, keys, dialogs.
import { listen } from './keys.js';
import { listen as listenEditor } from './editor.js';
import { listen as listenCopy } from './copy.js';

const dark = matchMedia('(prefers-color-scheme: dark)');
let page = null;
let silence = null;
let silenceEditor = null;
let silenceCopy = null;
const onDark = e => page?.invokeMethodAsync('OnSystemDark', e.matches);
const onVisibility = () => page?.invokeMethodAsync('OnVisibility', !document.hidden);
const askPalette = () => {
  if (!page) return;
  showPalette();
  page.invokeMethodAsync('OnPalette');
};

export function start(dotnet) {
  page = dotnet;
  dark.addEventListener('change', onDark);
  document.addEventListener('visibilitychange', onVisibility);
  silence = listen(askPalette);
  silenceEditor = listenEditor();
  silenceCopy = listenCopy();
  revealTab();
  return { visible: !document.hidden, systemDark: dark.matches, theme: localStorage.getItem('theme') };
}

export function stop() {
  page = null;
  silence?.();
  silenceEditor?.();
  silenceCopy?.();
  dark.removeEventListener('change', onDark);
  document.removeEventListener('visibilitychange', onVisibility);
}

export function storeTheme(theme) {
  localStorage.setItem('theme', theme);
  applyTheme();
}

// On a narrow screen the open tab may lie beyond the edge.
export function reveal(element) {
  element?.scrollIntoView({ block: 'start' });
}

export function revealTab() {
  const tab = document.querySelector('.tabs .active');
  if (tab) tab.parentElement.scrollLeft = tab.offsetLeft - (tab.parentElement.clientWidth - tab.offsetWidth) / 2;
}

function showPalette() {
  const dialog = document.getElementById('palette');
  if (!dialog.open) {
    dialog.showModal();
    dialog.addEventListener('close', () => page?.invokeMethodAsync('OnPaletteClosed'), { once: true });
  }
  dialog.querySelector('input')?.focus();
}

export function closePalette() {
  document.getElementById('palette').close();
}

function applyTheme() {
  const theme = localStorage.getItem('theme');
  document.documentElement.dataset.theme = theme === 'dark' || (theme !== 'light' && dark.matches) ? 'dark' : 'light';
}
