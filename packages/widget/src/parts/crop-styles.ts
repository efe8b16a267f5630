/** The crop view's own style sheet. */
export const cropStyles = `
.crop { display: flex; flex-direction: column; flex: 1; min-height: 0; gap: 16px; }
.crop .frame { flex: 1; min-height: 160px; display: grid; place-items: center; container-type: size; }
.crop .stage { position: relative; max-width: 100%; max-height: 100%; touch-action: none; overflow: hidden; border-radius: 8px; }
.crop .stage img { display: block; max-width: 100cqw; max-height: 100cqh; user-select: none; }
.crop .area {
  position: absolute; box-sizing: border-box; cursor: move; touch-action: none;
  outline: 2px solid #fff; box-shadow: 0 0 0 9999px rgb(8 14 24 / .58), 0 0 0 3px rgb(8 14 24 / .7);
}
.crop .area:focus-visible { outline: 3px solid var(--focus); }
.crop .corner {
  position: absolute; width: 28px; height: 28px; padding: 0; margin: 0; border: 0; background: none; touch-action: none;
}
.crop .corner::before {
  content: ""; position: absolute; inset: 7px; border-radius: 50%; background: #fff; box-shadow: 0 0 0 2px rgb(8 14 24 / .7);
}
.crop .corner:focus-visible { outline: 0; }
.crop .corner:focus-visible::before { box-shadow: 0 0 0 3px var(--focus); }
.crop .nw { left: -2px; top: -2px; cursor: nwse-resize; } .crop .ne { right: -2px; top: -2px; cursor: nesw-resize; }
.crop .sw { left: -2px; bottom: -2px; cursor: nesw-resize; } .crop .se { right: -2px; bottom: -2px; cursor: nwse-resize; }
.crop .numbers {
  display: grid; grid-template-columns: repeat(4, minmax(0, 5.5em)) auto; gap: 4px 12px; align-items: end; justify-content: center;
}
.crop .numbers label { display: flex; flex-direction: column; gap: 4px; font-size: .8125em; color: var(--soft); }
.crop .numbers input { width: 100%; color: var(--ink); }
.crop .size { font-variant-numeric: tabular-nums; font-size: .875em; padding-block: 10px; }
.crop .size[hidden] { display: none; }
.crop .bar { display: flex; flex-wrap: wrap; gap: 8px; }
.crop .gap { flex: 1; }
@media (max-width: 600px) {
  .crop .numbers { grid-template-columns: repeat(4, minmax(0, 5.5em)); column-gap: 8px; } .crop .numbers input { padding-inline: 8px; }
  .crop .size { grid-column: 1 / -1; padding: 0; text-align: center; }
}
@media (forced-colors: active) { .crop .area { outline: 3px solid Highlight; } .crop .corner::before { background: ButtonText; } }
`;
