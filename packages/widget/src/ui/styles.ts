/**
 * The widget's looks. Colours are custom properties: `styles.palette` sets them, and so may the page, on the element
 * `counterseal-upload-widget` (`--cs-action: #c2185b`). The names follow the palette of the original.
 */
export const styles = `
:host { all: initial; }
.root {
  --w: var(--cs-window, #fff); --line: var(--cs-window-border, #8290a3); --bg: var(--cs-source-bg, #f3f6f9);
  --tab: var(--cs-tab-icon, #0b5d57); --tab-off: var(--cs-inactive-tab-icon, #465468); --menu: var(--cs-menu-icons, #465468);
  --act: var(--cs-action, #0b6b62); --go: var(--cs-in-progress, #0b6b62); --ok: var(--cs-complete, #1a7a3c); --bad: var(--cs-error, #b3261e);
  --ink: var(--cs-text-dark, #17202c); --paper: var(--cs-text-light, #fff); --hair: #dbe2ea;
  --soft: #4d5a6d; --focus: var(--cs-link, #1666d6);
  color-scheme: light; color: var(--ink); font: 400 16px/1.45 var(--cs-font, system-ui, sans-serif); text-align: start;
}
.root.dark {
  --w: var(--cs-window, #151b23); --line: var(--cs-window-border, #6f7f95); --bg: var(--cs-source-bg, #1c242e);
  --tab: var(--cs-tab-icon, #6fdccb); --tab-off: var(--cs-inactive-tab-icon, #b3bfce); --menu: var(--cs-menu-icons, #b3bfce);
  --act: var(--cs-action, #6fdccb); --go: var(--cs-in-progress, #6fdccb); --ok: var(--cs-complete, #7ddc9a); --bad: var(--cs-error, #ff9d94);
  --ink: var(--cs-text-dark, #eef2f7); --paper: var(--cs-text-light, #08201d); --hair: #2e3947;
  --soft: #b3bfce; --focus: var(--cs-link, #8ab8ff); color-scheme: dark;
}
.root.minimal { --bg: var(--w); } .root.purple { --act: var(--cs-action, #6b3fa0); --tab: var(--cs-tab-icon, #6b3fa0); --go: var(--cs-in-progress, #6b3fa0); }
.root.purple.dark { --act: var(--cs-action, #cdb2f5); --tab: var(--cs-tab-icon, #cdb2f5); --go: var(--cs-in-progress, #cdb2f5); }
* { box-sizing: border-box; }
dialog {
  position: fixed; inset: 0; margin: auto; padding: 0; border: 0; background: none; color: inherit; pointer-events: auto;
  width: min(760px, 100vw - 32px); height: min(600px, 100dvh - 32px); max-width: none; max-height: none; overscroll-behavior: contain;
}
dialog::backdrop { background: var(--cs-backdrop, #09142499); }
dialog[open] { animation: rise .18s ease-out; }
@keyframes rise { from { opacity: 0; transform: translateY(8px); } }
.inline { display: block; height: var(--cs-height, min(600px, 90vh)); pointer-events: auto; } .inline[hidden] { display: none; }
.window {
  display: flex; flex-direction: column; height: 100%; background: var(--w); border-radius: 16px; overflow: hidden;
  box-shadow: 0 24px 64px #09142447, 0 0 0 1px var(--hair);
}
.inline .window { box-shadow: 0 0 0 1px var(--hair); }
header { display: flex; align-items: center; gap: 8px; padding-block: 14px 10px; padding-inline: 20px 14px; }
h2 { flex: 1; margin: 0; font-size: 1.125em; font-weight: 650; outline: 0; min-width: 0; }
footer { padding: 6px 20px 10px; font-size: .75em; color: var(--soft); text-align: end; }
.view { display: flex; flex-direction: column; flex: 1; min-height: 0; padding: 0 20px 12px; gap: 12px; overflow: auto; }
button, input, select { font: inherit; color: inherit; }
button { cursor: pointer; } p { margin: 0; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
h2:focus-visible { outline: 0; }
.icon { width: 20px; height: 20px; flex: none; fill: none; stroke: currentColor; stroke-width: 1.7; stroke-linecap: round; stroke-linejoin: round; }
.button {
  min-height: 40px; padding: 8px 16px; border: 1px solid var(--line); border-radius: 10px; background: var(--w); font-weight: 550;
  transition: background .12s, box-shadow .12s;
}
.button:hover { background: var(--bg); }
.button.primary { background: var(--act); border-color: var(--act); color: var(--paper); }
.button.primary:hover { box-shadow: 0 0 0 3px color-mix(in srgb, var(--act) 26%, transparent); }
.button.small { min-height: 32px; padding: 4px 12px; font-size: .875em; }
.icon-button { display: grid; place-items: center; width: 36px; height: 36px; padding: 0; border: 0; border-radius: 10px; background: none; color: var(--menu); }
.icon-button:hover { background: var(--bg); }
.field { min-height: 40px; width: 100%; padding: 8px 12px; border: 1px solid var(--line); border-radius: 10px; background: var(--w); }
.field[aria-invalid] { border-color: var(--bad); box-shadow: 0 0 0 1px var(--bad); }
.tabs { display: flex; gap: 4px; overflow-x: auto; border-block-end: 1px solid var(--hair); flex: none; scrollbar-width: thin; padding: 4px 4px 0; margin: -4px -4px 0; }
.tabs button {
  display: flex; align-items: center; gap: 8px; padding: 10px 14px; border: 0; border-block-end: 3px solid transparent; background: none;
  color: var(--tab-off); white-space: nowrap; font-size: .9375em; border-radius: 8px 8px 0 0;
}
.tabs button:hover { background: var(--bg); }
.tabs [aria-selected=true] { color: var(--tab); border-color: var(--tab); font-weight: 600; }
.tabs :focus-visible { outline-offset: -3px; }
.panel { display: flex; flex-direction: column; flex: 1 0 auto; gap: 12px; }
.drop, .source-mount {
  flex: 1 0 auto; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 10px; min-height: 220px;
  padding: 24px; border-radius: 14px; background: var(--bg); text-align: center;
}
.drop { border: 2px dashed color-mix(in srgb, var(--line) 55%, transparent); transition: border-color .12s, background .12s; }
.drop.over { border-color: var(--act); background: color-mix(in srgb, var(--act) 12%, var(--bg)); }
.drop > .icon { width: 44px; height: 44px; color: var(--act); stroke-width: 1.3; }
.drop-title { font-size: 1.0625em; } .or, .soft { color: var(--soft); font-size: .875em; }
.source-mount { align-items: stretch; text-align: start; } .plugin { display: flex; flex-direction: column; flex: 1; width: 100%; } .plugin:empty { display: none; }
.source-mount > .soft { margin: auto; } .plugin:not(:empty) ~ .soft { display: none; }
.centred { display: flex; flex-direction: column; gap: 16px; align-items: center; justify-content: center; text-align: center; margin: auto; padding: 20px; }
.grow { flex: 1; } .broken .icon { width: 40px; height: 40px; stroke-width: 1.3; color: var(--bad); }
.notices:empty { display: none; }
.notices p {
  padding: 10px 14px; border-radius: 10px; border-inline-start: 4px solid var(--bad); background: color-mix(in srgb, var(--bad) 9%, var(--w));
  font-size: .9375em; margin-block-end: 6px; overflow-wrap: anywhere; white-space: pre-wrap;
}
.summary { display: grid; grid-template-columns: auto 1fr; gap: 6px 16px; align-items: baseline; }
.summary progress { grid-column: 1 / -1; } .summary .facts { display: block; text-align: end; }
.facts { display: flex; gap: 10px; color: var(--soft); font-size: .875em; font-variant-numeric: tabular-nums; flex-wrap: wrap; }
.rows { list-style: none; margin: 0; padding: 0; flex: 1; min-height: 120px; overflow-y: auto; overscroll-behavior: contain; }
.row { display: flex; align-items: center; gap: 12px; padding: 10px 4px; border-block-end: 1px solid var(--hair); content-visibility: auto; contain-intrinsic-size: auto 72px; }
.preview { display: grid; place-items: center; width: 48px; height: 48px; flex: none; border-radius: 10px; object-fit: cover; background: var(--bg); color: var(--menu); }
.what { flex: 1; min-width: 0; display: flex; flex-direction: column; gap: 3px; }
.name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-weight: 550; }
.status { display: inline-flex; align-items: center; gap: 4px; } .status .icon { width: 16px; height: 16px; }
.is-done .status { color: var(--ok); } .is-failed .status, .reason { color: var(--bad); }
.reason { font-size: .875em; overflow-wrap: anywhere; }
.row-buttons { display: flex; flex: none; }
progress { appearance: none; display: block; width: 100%; height: 6px; border: 0; border-radius: 3px; overflow: hidden; background: color-mix(in srgb, var(--line) 35%, transparent); }
progress::-webkit-progress-bar { background: none; }
progress::-webkit-progress-value { background: var(--go); border-radius: 3px; }
progress::-moz-progress-bar { background: var(--go); }
progress:indeterminate { background: linear-gradient(90deg, transparent, var(--go), transparent) 0 0/50% 100%; animation: slide 1.2s infinite linear; }
@keyframes slide { from { background-position: -100% 0; } to { background-position: 200% 0; } }
.bar { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; } .gap { flex: 1; }
.crop-mount { display: flex; flex-direction: column; flex: 1; min-height: 0; }
.advanced summary { cursor: pointer; padding: 6px 2px; color: var(--focus); font-size: .9375em; border-radius: 6px; }
.advanced .fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(220px, 100%), 1fr)); gap: 12px; padding-block: 8px; }
.advanced label { display: flex; flex-direction: column; gap: 4px; font-size: .875em; color: var(--soft); } .advanced .field { color: var(--ink); font-size: 1rem; }
.mini {
  position: fixed; inset-block-end: 16px; z-index: 2147483000; display: flex; align-items: center; gap: 8px; width: min(300px, 100vw - 32px);
  padding: 12px 10px 12px 16px; border-radius: 14px; background: var(--w); box-shadow: 0 12px 40px #09142447, 0 0 0 1px var(--hair); pointer-events: auto;
}
.said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 600px) {
  dialog { inset: auto 0 0; width: 100vw; height: min(100dvh - 24px, 680px); } dialog .window { border-radius: 16px 16px 0 0; }
  header { padding-inline: 16px 8px; } .view { padding-inline: 16px; } .tabs button { flex-direction: column; gap: 2px; font-size: .8125em; padding: 6px 10px; }
  .summary { grid-template-columns: 1fr; } .summary .facts { text-align: start; } .drop { padding: 16px; min-height: 180px; } .bar .button { flex: 1 1 auto; } .bar .gap { display: none; }
}
@media (prefers-reduced-motion: reduce) { *, *::before, dialog[open] { animation: none!important; transition: none!important; } }
@media (prefers-contrast: more) { .root { --hair: var(--line); --soft: var(--ink); } .window, .mini { border: 2px solid var(--ink); } }
@media (forced-colors: active) {
  .window, .mini, .notices p, .drop, progress { border: 1px solid CanvasText; } .tabs [aria-selected=true] { border-color: Highlight; }
  .button.primary { border: 2px solid Highlight; } progress::-webkit-progress-value { background: Highlight; forced-color-adjust: none; }
}
`;
