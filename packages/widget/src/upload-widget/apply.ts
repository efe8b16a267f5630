import { elementOf } from '../browser/page.js';
import type { UploadWidgetCallback } from '../events.js';
import { readOptions, type UploadWidgetOptions } from '../options.js';
import { openerStyles } from './opener-styles.js';
import { createUploadWidget, type UploadWidget } from './widget.js';

let isStyled = false;

/** What an element opens. */
const applied = new WeakMap<Element, UploadWidget>();

/**
 * Turns an element into the button that opens the widget. `form` and `thumbnails` are the form around it unless given (widget
 * reference, section 1.1). Applied to the same element again, the new widget takes the place of the old one, which is destroyed.
 */
export function applyUploadWidget(
  target: string | Element,
  options: UploadWidgetOptions = {},
  callback?: UploadWidgetCallback,
): UploadWidget {
  const element = elementOf(target);
  if (!(element instanceof HTMLElement))
    throw new TypeError(`applyUploadWidget: there is no element ${String(target)}`);
  void applied.get(element)?.destroy();
  const form = element.closest('form');
  const { buttonClass = 'cloudinary-button', buttonCaption, ...given } = readOptions(options);
  const widget = createUploadWidget(
    { ...(form === null ? {} : { form, thumbnails: form }), ...given },
    callback,
  );
  dress(element, buttonClass, buttonCaption);
  const click = (event: Event) => {
    event.preventDefault();
    widget.open();
  };
  const key = (event: KeyboardEvent) => {
    if (element instanceof HTMLButtonElement || (event.key !== 'Enter' && event.key !== ' ')) return;
    click(event);
  };
  element.addEventListener('click', click);
  element.addEventListener('keydown', key);
  const made = Object.freeze({
    ...widget,
    destroy(how?: { readonly removeThumbnails?: boolean }) {
      element.removeEventListener('click', click);
      element.removeEventListener('keydown', key);
      return widget.destroy(how);
    },
  });
  applied.set(element, made);
  return made;
}

function dress(element: HTMLElement, className: string, caption: string | undefined): void {
  element.classList.add(...className.split(/\s+/).filter((name) => name !== ''));
  if (caption !== undefined || element.textContent?.trim() === '')
    element.textContent = caption ?? 'Upload image';
  if (element instanceof HTMLButtonElement) element.type = 'button';
  else {
    element.setAttribute('role', 'button');
    if (element.tabIndex < 0) element.tabIndex = 0;
  }
  if (isStyled) return;
  isStyled = true;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(openerStyles);
  document.adoptedStyleSheets.push(sheet);
}
