import { loadParts } from './load-parts.js';
import type { UploadSource } from './sources.js';

export interface SearchSourceOptions {
  /** As in `sources`: `image_search`, `unsplash`, ... or your own. */
  readonly id: string;
  readonly label?: string;
  readonly iconPath?: string;
  /**
   * Address of a JSON search of yours; `{query}` and `{page}` are filled in. It answers
   * `{"results": [{"url", "name", "thumbnail_url"}], "next": "2"}`; `next` is absent on the last page.
   */
  readonly endpoint: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A source that searches pictures through an endpoint you define: keys of third parties stay on your server. */
export function createSearchSource({ id, label, iconPath, ...options }: SearchSourceOptions): UploadSource {
  return {
    id,
    ...(label === undefined ? {} : { label }),
    ...(iconPath === undefined ? {} : { iconPath }),
    mount: async (element, context) =>
      (await loadParts.searchSource()).mountSearch(element, options, context),
  };
}
