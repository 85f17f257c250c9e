// The matrix of groups: which cells are to be seen is told to the server, which draws those and no others; walking by keys, zooming and dragging run here.
const started = new WeakMap(); // grid: what stops it
const least = 0.4;
const most = 2;
const beside = { rows: 4, columns: 2 }; // drawn beyond the edges, in steps of which the window moves

const within = (value, from, to) => Math.min(to, Math.max(from, value));

class Matrix {
  constructor(grid, dotnet) {
    this.grid = grid;
    this.dotnet = dotnet;
    this.zoom = 1;
    this.told = '';
    this.busy = false;
    this.wanted = null; // the cell that gets the focus as soon as it is drawn
  }

  get count() { return Number(this.grid.dataset.matrix); }
  get all() { return this.grid.firstElementChild; }

  // The size of a cell, and what the heads take, in pixels.
  sizes() {
    const style = getComputedStyle(this.all);
    const number = name => parseFloat(style.getPropertyValue(name)) || 1;
    return { w: number('--cw') * this.zoom, h: number('--ch') * this.zoom, left: number('--hw'), top: number('--hh') };
  }

  // The cells to be seen, by row and column, the last ones not among them.
  seen() {
    const { w, h, left, top } = this.sizes();
    const { scrollTop, scrollLeft, clientHeight, clientWidth } = this.grid;
    return {
      r0: within(Math.floor(scrollTop / h), 0, this.count), r1: within(Math.ceil((scrollTop + clientHeight - top) / h), 0, this.count),
      c0: within(Math.floor(scrollLeft / w), 0, this.count), c1: within(Math.ceil((scrollLeft + clientWidth - left) / w), 0, this.count),
    };
  }

  window() {
    const { r0, r1, c0, c1 } = this.seen();
    const down = (value, step) => Math.max(0, Math.floor(value / step) * step - step);
    const up = (value, step) => Math.min(this.count, Math.ceil(value / step) * step + step);
    return [down(r0, beside.rows), up(r1, beside.rows), down(c0, beside.columns), up(c1, beside.columns)];
  }

  // One question at a time, and the newest one next.
  async draw() {
    if (this.busy) return;
    this.busy = true;
    try {
      for (let next = this.window(); this.grid.isConnected && next.join() !== this.told; next = this.window()) {
        this.told = next.join();
        this.keepFocus(next);
        await this.dotnet.invokeMethodAsync('OnWindow', ...next);
      }
    } catch {
      this.told = ''; // the circuit is gone, or the page: the next scroll asks again
    } finally {
      this.busy = false;
    }
  }

  cellAt(row, column) { return this.grid.querySelector(`[data-at="${row},${column}"]`); }

  // A cell that goes out of the window leaves the focus to the grid, and gets it back when it is walked to again.
  keepFocus([r0, r1, c0, c1]) {
    const at = this.placeOf(document.activeElement);
    if (!at || !this.grid.contains(document.activeElement)) return;
    if (at[0] < r0 || at[0] >= r1 || at[1] < c0 || at[1] >= c1) {
      this.left = at;
      this.grid.focus({ preventScroll: true });
    }
  }

  placeOf(element) { return element?.dataset?.at?.split(',').map(Number); }

  show(row, column) {
    const { w, h, left, top } = this.sizes();
    const { scrollTop, scrollLeft, clientHeight, clientWidth } = this.grid;
    if (row * h < scrollTop) this.grid.scrollTop = row * h;
    else if ((row + 1) * h > scrollTop + clientHeight - top) this.grid.scrollTop = (row + 1) * h - clientHeight + top;
    if (column * w < scrollLeft) this.grid.scrollLeft = column * w;
    else if ((column + 1) * w > scrollLeft + clientWidth - left) this.grid.scrollLeft = (column + 1) * w - clientWidth + left;
  }

  centre(row, column) {
    const { w, h, left, top } = this.sizes();
    this.grid.scrollTop = (row + 0.5) * h - (this.grid.clientHeight - top) / 2;
    this.grid.scrollLeft = (column + 0.5) * w - (this.grid.clientWidth - left) / 2;
  }

  goTo(row, column) {
    this.wanted = [row, column];
    this.show(row, column);
    this.focusWanted();
    this.draw();
  }

  focusWanted() {
    const cell = this.wanted && this.cellAt(...this.wanted);
    if (!cell) return;
    for (const other of this.grid.querySelectorAll('[data-at][tabindex="0"]')) other.tabIndex = -1;
    cell.tabIndex = 0;
    cell.focus({ preventScroll: true });
    this.wanted = null;
    this.left = null;
  }

  setZoom(zoom, x = this.grid.clientWidth / 2, y = this.grid.clientHeight / 2) {
    const before = this.sizes();
    const next = within(Math.round(zoom * 100) / 100, least, most);
    if (next === this.zoom) return;
    const [column, row] = [(this.grid.scrollLeft + x - before.left) / before.w, (this.grid.scrollTop + y - before.top) / before.h];
    this.zoom = next;
    this.all.style.setProperty('--z', next);
    this.all.toggleAttribute('data-small', next < 0.7);
    const after = this.sizes();
    this.grid.scrollLeft = Math.max(0, column * after.w - x + after.left);
    this.grid.scrollTop = Math.max(0, row * after.h - y + after.top);
    this.draw();
  }

  onKey(event) {
    if (event.altKey || event.metaKey) return;
    if (!event.ctrlKey && ['+', '=', '-', '0'].includes(event.key)) {
      event.preventDefault();
      event.stopPropagation();
      this.setZoom(event.key === '0' ? 1 : this.zoom * (event.key === '-' ? 1 / 1.25 : 1.25));
      return;
    }
    const last = this.count - 1;
    const seen = this.seen();
    const page = Math.max(1, seen.r1 - seen.r0 - 2);
    const [row, column] = this.wanted ?? this.placeOf(document.activeElement) ?? this.left ?? [seen.r0, seen.c0];
    const to = {
      ArrowDown: [row + 1, column], ArrowUp: [row - 1, column], ArrowRight: [row, column + 1], ArrowLeft: [row, column - 1],
      Home: [event.ctrlKey ? 0 : row, 0], End: [event.ctrlKey ? last : row, last], PageDown: [row + page, column], PageUp: [row - page, column],
    }[event.key];
    if (!to || (event.ctrlKey && !['Home', 'End'].includes(event.key))) return;
    event.preventDefault();
    event.stopPropagation();
    this.goTo(within(to[0], 0, last), within(to[1], 0, last));
  }

  start() {
    const onScroll = () => requestAnimationFrame(() => this.draw());
    const onKey = event => this.onKey(event);
    const onWheel = event => {
      // Without a key the wheel scrolls, as everywhere.
      if (!(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      const box = this.grid.getBoundingClientRect();
      this.setZoom(this.zoom * Math.exp(-event.deltaY / 300), event.clientX - box.left, event.clientY - box.top);
    };
    const onButton = event => {
      const by = event.target.closest('[data-matrix-zoom]')?.dataset.matrixZoom;
      if (by) this.setZoom(by === 'reset' ? 1 : this.zoom * (by === 'in' ? 1.25 : 1 / 1.25));
    };
    const onOver = event => {
      const cell = event.target.closest('[data-at]');
      if (cell && !cell.title) cell.title = cell.getAttribute('aria-label');
    };
    this.grid.addEventListener('scroll', onScroll, { passive: true });
    this.grid.addEventListener('keydown', onKey);
    this.grid.addEventListener('wheel', onWheel, { passive: false });
    this.grid.addEventListener('pointerover', onOver);
    const tools = this.grid.parentElement;
    tools.addEventListener('click', onButton);
    const sized = new ResizeObserver(onScroll);
    sized.observe(this.grid);
    const drawn = new MutationObserver(() => this.focusWanted());
    drawn.observe(this.grid, { childList: true, subtree: true });
    this.stop = () => {
      sized.disconnect();
      drawn.disconnect();
      this.grid.removeEventListener('scroll', onScroll);
      this.grid.removeEventListener('keydown', onKey);
      this.grid.removeEventListener('wheel', onWheel);
      this.grid.removeEventListener('pointerover', onOver);
      tools.removeEventListener('click', onButton);
    };
    this.draw();
  }
}

// The cell that the address names is put into sight.
export function start(grid, dotnet, row, column) {
  if (!grid?.isConnected) return;
  const matrix = new Matrix(grid, dotnet);
  started.set(grid, matrix);
  if (row >= 0) matrix.centre(row, column);
  matrix.start();
}

export function show(grid, row, column) {
  const matrix = started.get(grid);
  if (!matrix) return;
  matrix.told = ''; // other groups: the same places are other cells
  if (row >= 0) matrix.centre(row, column);
  matrix.draw();
}

export function stop(grid) {
  started.get(grid)?.stop();
  started.delete(grid);
}
