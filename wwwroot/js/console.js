// What Blazor cannot do itself: colours of the system, visibility of the tab, clipboard.
const dark = matchMedia('(prefers-color-scheme: dark)');
let page = null;
const onDark = e => page?.invokeMethodAsync('OnSystemDark', e.matches);
const onVisibility = () => page?.invokeMethodAsync('OnVisibility', !document.hidden);

export function start(dotnet) {
  page = dotnet;
  dark.addEventListener('change', onDark);
  document.addEventListener('visibilitychange', onVisibility);
  return { visible: !document.hidden, systemDark: dark.matches, theme: localStorage.getItem('theme') };
}

export function stop() {
  page = null;
  dark.removeEventListener('change', onDark);
  document.removeEventListener('visibilitychange', onVisibility);
}

export function storeTheme(theme) {
  localStorage.setItem('theme', theme);
  applyTheme();
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

function applyTheme() {
  const theme = localStorage.getItem('theme');
  document.documentElement.dataset.theme = theme === 'dark' || (theme !== 'light' && dark.matches) ? 'dark' : 'light';
}
