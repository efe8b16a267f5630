import type { SourceContext } from '../sources.js';
import { adoptStyles, element } from './elements.js';

const css = `
.url-form { display: flex; flex-direction: column; gap: 12px; max-width: 480px; width: 100%; margin: auto; }
.url-form h3 { margin: 0; font-size: 1.125em; font-weight: 600; text-align: center; }
.url-form label { font-size: .875em; color: var(--soft); }
.url-form .line { display: flex; gap: 8px; flex-wrap: wrap; }
.url-form .line input { flex: 1 1 200px; }
`;

/** The address tab: the server fetches what stands behind it. */
export function mountUrlSource(parent: HTMLElement, { text, addUrls, notify }: SourceContext): () => void {
  adoptStyles(parent, css);
  const input = element('input', {
    type: 'url',
    id: 'url-input',
    class: 'field',
    dir: 'ltr',
    required: true,
    autocomplete: 'off',
    placeholder: text('url.input_placeholder'),
  });
  const form = element(
    'form',
    {
      class: 'url-form',
      novalidate: true,
      submit: (event: SubmitEvent) => {
        event.preventDefault();
        const url = input.value.trim();
        if (!URL.canParse(url)) {
          input.setAttribute('aria-invalid', 'true');
          input.focus();
          return notify(text('notifications.invalid_add_url'));
        }
        addUrls([url]);
        input.value = '';
      },
      input: () => input.removeAttribute('aria-invalid'),
    },
    element('h3', {}, text('url.main_title')),
    element('label', { for: 'url-input' }, text('url.inner_title')),
    element(
      'div',
      { class: 'line' },
      input,
      element('button', { type: 'submit', class: 'button primary' }, text('actions.upload')),
    ),
  );
  parent.append(form);
  return () => form.remove();
}
