/** Where the single script came from: its parts lie beside it. Read while the script runs; afterwards nobody knows any more. */
const script = document.currentScript;
const base =
  script instanceof HTMLScriptElement && script.src !== ''
    ? new URL('/widgets/', script.src).href
    : '/widgets/';

/** The address of a part of the widget. */
export function partUrl(name: string): string {
  return `${base}parts/${name}.js`;
}
