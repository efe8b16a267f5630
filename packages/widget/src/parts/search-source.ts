import type { SourceContext } from '../sources.js';
import { adoptStyles, element } from './elements.js';

/** One picture as a search endpoint answers it; `{"results": [...], "next": "..."}`. */
interface Found {
  readonly url: string;
  readonly name: string;
  readonly thumbnailUrl: string | null;
}

export interface SearchViewOptions {
  /** `{query}` is replaced; `{page}` by what the answer before named `next`. */
  readonly endpoint: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const css = `
.search { display: flex; flex-direction: column; gap: 12px; width: 100%; flex: 1; }
.search form { display: flex; gap: 8px; flex-wrap: wrap; } .search form input { flex: 1 1 180px; }
.search ul { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(120px, 45%), 1fr)); gap: 10px; list-style: none; margin: 0; padding: 0; }
.search li button { width: 100%; padding: 0 0 6px; border: 1px solid var(--hair); border-radius: 10px; background: var(--w); overflow: hidden; font-size: .8125em; }
.search li img { display: block; width: 100%; aspect-ratio: 4 / 3; object-fit: cover; background: var(--bg); margin-block-end: 6px; }
.search li span { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; padding-inline: 8px; }
`;

/** A search box, its results, and a button for more. Answers come from anyone: names are text, pictures are http or https. */
export function mountSearch(
  parent: HTMLElement,
  options: SearchViewOptions,
  context: SourceContext,
): () => void {
  const { text, addUrls, signal } = context;
  adoptStyles(parent, css);
  const input = element('input', {
    type: 'search',
    class: 'field',
    'aria-label': text('search.placeholder'),
    placeholder: text('search_placeholder'),
  });
  const status = element('p', { role: 'status', class: 'soft' });
  const list = element('ul');
  const more = element('button', { type: 'button', class: 'button' }, text('search.more'));
  more.hidden = true;
  const form = element(
    'form',
    {
      role: 'search',
      submit: (event: SubmitEvent) => {
        event.preventDefault();
        list.replaceChildren();
        void search(input.value.trim(), '');
      },
    },
    input,
    element('button', { type: 'submit', class: 'button primary' }, text('search.submit')),
  );
  const view = element('div', { class: 'search' }, form, status, list, more);
  parent.append(view);
  let latest = 0;

  async function search(query: string, page: string): Promise<void> {
    latest += 1;
    const mine = latest;
    more.hidden = true;
    if (query === '') return;
    status.textContent = text('loading');
    try {
      const url = options.endpoint
        .replaceAll('{query}', encodeURIComponent(query))
        .replaceAll('{page}', encodeURIComponent(page));
      const response = await fetch(url, {
        headers: { Accept: 'application/json', ...options.headers },
        signal,
      });
      if (!response.ok) throw new Error(`The search answered ${response.status}`);
      const { results, next } = readAnswer(await response.json());
      if (mine !== latest || signal.aborted) return;
      list.append(...results.map(itemOf));
      status.textContent = list.childElementCount === 0 ? text('no_results') : '';
      more.hidden = next === '';
      more.onclick = () => void search(query, next);
    } catch {
      if (mine === latest && !signal.aborted) status.textContent = text('search.failed');
    }
  }

  function itemOf({ url, name, thumbnailUrl }: Found): HTMLLIElement {
    const button = element(
      'button',
      {
        type: 'button',
        'aria-label': text('search.add', { name }),
        click: () => addUrls([{ url, name, ...(thumbnailUrl === null ? {} : { thumbnailUrl }) }]),
      },
      element('img', { alt: '', loading: 'lazy', ...(thumbnailUrl === null ? {} : { src: thumbnailUrl }) }),
      element('span', { dir: 'auto' }, name),
    );
    return element('li', {}, button);
  }

  return () => view.remove();
}

/** Takes what has an http or https address, and leaves out the rest. */
function readAnswer(answer: unknown): { readonly results: readonly Found[]; readonly next: string } {
  const { results, next } = (answer ?? {}) as { results?: unknown; next?: unknown };
  const found = (Array.isArray(results) ? results : []).flatMap((result: unknown): Found[] => {
    const { url, name, thumbnail_url: thumbnail } = (result ?? {}) as Record<string, unknown>;
    if (!isWebAddress(url)) return [];
    return [
      {
        url,
        name: typeof name === 'string' ? name : url,
        thumbnailUrl: isWebAddress(thumbnail) ? thumbnail : null,
      },
    ];
  });
  return { results: found, next: typeof next === 'string' || typeof next === 'number' ? String(next) : '' };
}

function isWebAddress(value: unknown): value is string {
  return typeof value === 'string' && /^https?:\/\//i.test(value);
}
