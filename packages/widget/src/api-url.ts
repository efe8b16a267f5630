declare global {
  /** Origin of the Upload API for every widget of the page. */
  var COUNTERSEAL_API_URL: string | undefined;
}

let scriptDefault: string | null = null;
let pageCloudName: string | undefined;

/** What the script's own address or its `data-api-url` says; set once by the script. */
export function setScriptApiUrl(url: string | null): void {
  scriptDefault = url;
}

/** `setCloudName`: the default of every widget made afterwards (widget reference, section 1.1). */
export function setCloudName(name: string): void {
  pageCloudName = name;
}

export function defaultCloudName(): string | undefined {
  return pageCloudName;
}

/** Option, page, script, in this order; null when nobody said where to upload to. Without a closing slash. */
export function apiUrlOf(option: unknown): string | null {
  const found = [option, globalThis.COUNTERSEAL_API_URL, scriptDefault].find(
    (url): url is string => typeof url === 'string' && url !== '',
  );
  return found?.replace(/\/+$/, '') ?? null;
}
