type Attributes = Readonly<Record<string, string | number | boolean | ((event: never) => void)>>;

/** One element: functions are listeners, booleans are attributes with or without. Text stays text. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name, value as unknown as EventListener);
    else if (typeof value === 'boolean') made.toggleAttribute(name, value);
    else made.setAttribute(name, String(value));
  }
  made.append(...children);
  return made;
}

/** Adds a style sheet to the shadow root around an element, once: constructed sheets need no permission of the page. */
export function adoptStyles(around: Element, css: string): void {
  const root = around.getRootNode();
  if (!(root instanceof ShadowRoot || root instanceof Document)) return;
  const known = sheets.get(css) ?? new CSSStyleSheet();
  if (!sheets.has(css)) known.replaceSync(css);
  sheets.set(css, known);
  if (!root.adoptedStyleSheets.includes(known)) root.adoptedStyleSheets.push(known);
}

const sheets = new Map<string, CSSStyleSheet>();
