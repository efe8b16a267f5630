/** How many widgets hold the page's scroll. The first saves what it was, the last puts it back. */
let holders = 0;
let saved: { overflow: string; gutter: string } | null = null;

/** Keeps the page from scrolling behind a modal dialog. Answers how to let go; letting go twice is letting go once. */
export function holdScroll(): () => void {
  const { style, clientWidth } = document.documentElement;
  if (holders === 0) {
    saved = { overflow: style.overflow, gutter: style.scrollbarGutter };
    if (innerWidth > clientWidth) style.scrollbarGutter = 'stable';
    style.overflow = 'hidden';
  }
  holders += 1;
  let isHeld = true;
  return () => {
    if (!isHeld) return;
    isHeld = false;
    holders -= 1;
    if (holders > 0 || saved === null) return;
    style.overflow = saved.overflow;
    style.scrollbarGutter = saved.gutter;
    if (document.documentElement.getAttribute('style') === '')
      document.documentElement.removeAttribute('style');
    saved = null;
  };
}

/** Where the focus is, through shadow roots. */
export function focusedElement(): HTMLElement | null {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at instanceof HTMLElement ? at : null;
}
