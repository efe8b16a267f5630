/**
 * Where the parts of the single script lie: what its `data-parts-url` says, as seen from the script, else /widgets/parts/ on the
 * server it came from. Read while the script runs; afterwards nobody knows any more.
 */
const script = document.currentScript;
const base =
  script instanceof HTMLScriptElement && script.src !== ''
    ? new URL(script.dataset.partsUrl ?? '/widgets/parts/', script.src).href.replace(/\/?$/, '/')
    : '/widgets/parts/';

/** The address of a part of the widget. */
export function partUrl(name: string): string {
  return `${base}${name}.js`;
}
