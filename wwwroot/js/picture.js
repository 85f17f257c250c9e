// Pictures that are dragged, zoomed and walked by keys, all in the browser: one set of listeners for every picture, since pictures come and go.
const views = new WeakMap(); // svg: { k, x, y }, the scale and the place of its world in the units of its view box
const least = 0.4;
const most = 8;
let drag = null;

const svgOf = element => element?.closest?.('[data-picture]')?.querySelector('svg');
const viewOf = svg => views.get(svg) ?? views.set(svg, { k: 1, x: 0, y: 0 }).get(svg);

function apply(svg) {
  const { k, x, y } = viewOf(svg);
  svg.querySelector('[data-world]')?.setAttribute('transform', `translate(${x} ${y}) scale(${k})`);
  svg.toggleAttribute('data-zoomed', k !== 1 || x !== 0 || y !== 0);
}

// A point of the screen in the units of the view box.
function at(svg, clientX, clientY) {
  const point = new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse());
  return [point.x, point.y];
}

function zoom(svg, by, [px, py]) {
  const view = viewOf(svg);
  const k = Math.min(most, Math.max(least, view.k * by));
  views.set(svg, { k, x: px - (px - view.x) * k / view.k, y: py - (py - view.y) * k / view.k });
  apply(svg);
}

function middle(svg) {
  const { x, y, width, height } = svg.viewBox.baseVal;
  return [x + width / 2, y + height / 2];
}

function fit(svg) {
  views.set(svg, { k: 1, x: 0, y: 0 });
  apply(svg);
}

// A wide picture on a narrow screen begins with its left end, at a size that can be read.
export function start(svg) {
  if (!svg?.isConnected || views.has(svg)) return;
  const width = svg.viewBox.baseVal.width;
  const scale = svg.clientWidth / width;
  if (scale < 0.55) views.set(svg, { k: Math.min(most, 0.75 / scale), x: 0, y: 0 });
  apply(svg);
}

const nodesOf = svg => [...svg.querySelectorAll('a[data-id]')];
const boxOf = node => node.querySelector('rect').getBBox();
const centre = box => [box.x + box.width / 2, box.y + box.height / 2];

// The nearest box in a direction: what lies aside counts twice.
function next(svg, node, key) {
  const [x, y] = centre(boxOf(node));
  const along = { ArrowRight: ([a]) => a - x, ArrowLeft: ([a]) => x - a, ArrowDown: ([, b]) => b - y, ArrowUp: ([, b]) => y - b }[key];
  const aside = key === 'ArrowLeft' || key === 'ArrowRight' ? ([, b]) => Math.abs(b - y) : ([a]) => Math.abs(a - x);
  let best = null;
  let least = Infinity;
  for (const other of nodesOf(svg)) {
    const to = centre(boxOf(other));
    const far = along(to);
    const distance = far + 2 * aside(to);
    if (other !== node && far > 1 && distance < least) [best, least] = [other, distance];
  }
  return best;
}

// Into the middle, when it is not wholly to be seen.
function show(svg, node) {
  const [frame, box] = [svg.getBoundingClientRect(), node.getBoundingClientRect()];
  if (box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom) return;
  const view = viewOf(svg);
  const [mx, my] = middle(svg);
  const [x, y] = centre(boxOf(node));
  views.set(svg, { k: view.k, x: mx - x * view.k, y: my - y * view.k });
  apply(svg);
}

function focus(svg, node) {
  if (!node) return;
  for (const other of nodesOf(svg)) other.setAttribute('tabindex', other === node ? '0' : '-1');
  node.focus({ preventScroll: true });
  show(svg, node);
}

function light(svg, id) {
  for (const edge of svg.querySelectorAll('.edge')) edge.classList.toggle('lit', id !== null && (edge.dataset.from === id || edge.dataset.to === id));
}

addEventListener('click', event => {
  const button = event.target.closest?.('[data-zoom]');
  const svg = button && svgOf(button);
  if (!svg) return;
  if (button.dataset.zoom === 'fit') fit(svg); else zoom(svg, button.dataset.zoom === 'in' ? 1.4 : 1 / 1.4, middle(svg));
});

addEventListener('wheel', event => {
  const svg = event.target.closest?.('[data-picture] svg');
  // Without a key the wheel scrolls the page, as everywhere.
  if (!svg || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  zoom(svg, Math.exp(-event.deltaY / 300), at(svg, event.clientX, event.clientY));
}, { passive: false });

addEventListener('pointerdown', event => {
  const svg = event.target.closest?.('[data-picture] svg');
  if (!svg || event.button !== 0 || (event.pointerType === 'touch' && !svg.hasAttribute('data-zoomed'))) return;
  drag = { svg, from: at(svg, event.clientX, event.clientY), view: viewOf(svg), x: event.clientX, y: event.clientY, moved: false };
});

addEventListener('pointermove', event => {
  if (!drag) return;
  if (!drag.moved && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < 5) return;
  if (!drag.moved) drag.svg.setPointerCapture(event.pointerId);
  drag.moved = true;
  const [x, y] = at(drag.svg, event.clientX, event.clientY);
  views.set(drag.svg, { k: drag.view.k, x: drag.view.x + x - drag.from[0], y: drag.view.y + y - drag.from[1] });
  apply(drag.svg);
});

// The click that ends a drag comes right behind it.
for (const name of ['pointerup', 'pointercancel']) addEventListener(name, () => { if (drag?.moved) setTimeout(() => { drag = null; }); else drag = null; });

// Whoever dragged did not mean the box below.
addEventListener('click', event => { if (drag?.moved) { event.preventDefault(); event.stopPropagation(); } }, true);
addEventListener('dragstart', event => { if (event.target.closest?.('[data-picture]')) event.preventDefault(); });

addEventListener('keydown', event => {
  const svg = event.target.closest?.('[data-picture] svg');
  if (!svg || event.ctrlKey || event.metaKey || event.altKey) return;
  const node = event.target.closest('a[data-id]');
  const nodes = nodesOf(svg);
  if (event.key.startsWith('Arrow') && node) focus(svg, next(svg, node, event.key));
  else if (event.key === 'Home') focus(svg, nodes[0]);
  else if (event.key === 'End') focus(svg, nodes.at(-1));
  else if (event.key === '+') zoom(svg, 1.4, middle(svg));
  else if (event.key === '-') zoom(svg, 1 / 1.4, middle(svg));
  else if (event.key === '0') fit(svg);
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);

for (const name of ['pointerover', 'focusin']) {
  addEventListener(name, event => {
    const svg = event.target.closest?.('[data-picture] svg');
    if (svg) light(svg, event.target.closest('a[data-id]')?.dataset.id ?? null);
  });
}
