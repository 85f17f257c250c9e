// Loaded before the first paint, so that a dark page never flashes white and the navigation does not jump.
(() => {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const theme = localStorage.getItem('theme');
    document.documentElement.dataset.theme = theme === 'dark' || (theme !== 'light' && dark.matches) ? 'dark' : 'light';
  };
  apply();
  dark.addEventListener('change', apply);
  if (localStorage.getItem('nav') === 'narrow') document.documentElement.dataset.nav = 'narrow';
})();
