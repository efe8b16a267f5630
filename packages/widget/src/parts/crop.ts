import {
  type Corner,
  type CropArea,
  type CropRules,
  firstArea,
  moveArea,
  resizeArea,
  typeArea,
} from '../core/crop-geometry.js';
import { cropStyles } from './crop-styles.js';
import { adoptStyles, element } from './elements.js';

export interface CropViewOptions {
  readonly file: File;
  readonly aspectRatio: number | null;
  readonly selectionRatio: number;
  readonly canSkip: boolean;
  readonly canGoBack: boolean;
  readonly showDimensions: boolean;
  readonly text: (path: string, values?: Readonly<Record<string, string | number>>) => string;
  /** `x, y, width, height` in original pixels, as the image is seen; null for all of it. */
  readonly answer: (choice: readonly number[] | null | 'cancel') => void;
}

const corners: readonly (readonly [string, Corner])[] = [
  ['nw', { horizontal: -1, vertical: -1 }],
  ['ne', { horizontal: 1, vertical: -1 }],
  ['sw', { horizontal: -1, vertical: 1 }],
  ['se', { horizontal: 1, vertical: 1 }],
];
const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const members = ['x', 'y', 'width', 'height'] as const;

/** Steps of an arrow key over the whole image; Alt makes it one pixel. */
const keySteps = 100;

/** The crop view: drag or use the arrow keys on the area and its corners, or type the numbers. */
export function mountCropView(parent: HTMLElement, options: CropViewOptions): () => void {
  const { text, answer } = options;
  adoptStyles(parent, cropStyles);
  const url = URL.createObjectURL(options.file);
  const image = element('img', { alt: '', draggable: 'false' });
  let rules: CropRules | null = null;
  let area: CropArea = { x: 0, y: 0, width: 1, height: 1 };

  const box = element('div', { class: 'area', tabindex: 0, role: 'group', 'aria-label': text('crop.area') });
  const handles = corners.map(([name, corner]) => {
    const handle = element('button', {
      type: 'button',
      class: `corner ${name}`,
      'aria-label': `${text('crop.corner_tooltip')} ${name}`,
    });
    listen(handle, (byX, byY, rules) => resizeArea(area, corner, byX, byY, rules));
    return handle;
  });
  box.append(...handles);
  listen(box, (byX, byY, rules, isShift) =>
    isShift
      ? resizeArea(area, { horizontal: 1, vertical: 1 }, byX, byY, rules)
      : moveArea(area, byX, byY, rules),
  );

  const stage = element('div', { class: 'stage', dir: 'ltr' }, image, box);
  const inputs = members.map((member) => {
    const input = element('input', {
      type: 'number',
      class: 'field',
      min: 0,
      id: `crop-${member}`,
      inputmode: 'numeric',
    });
    input.onchange = () =>
      rules !== null && show(typeArea(area, member, Math.round(input.valueAsNumber), rules));
    return input;
  });
  const size = element('output', { class: 'size' });
  size.hidden = !options.showDimensions;
  const button = (label: string, run: () => void, kind = '') =>
    element('button', { type: 'button', class: `button ${kind}`, click: run }, text(label));
  const crop = button('crop.crop_btn', () => answer(members.map((member) => area[member])), 'primary');
  // Until the image is there, nobody knows its pixels.
  crop.disabled = true;
  const view = element(
    'div',
    { class: 'crop' },
    element('div', { class: 'frame' }, stage),
    element(
      'div',
      { class: 'numbers' },
      ...members.map((member, at) =>
        element(
          'label',
          { for: `crop-${member}` },
          element('span', {}, text(`crop.${member}`)),
          inputs[at] ?? '',
        ),
      ),
      size,
    ),
    element(
      'div',
      { class: 'bar' },
      ...(options.canGoBack ? [button('crop.cancel_btn', () => answer('cancel'))] : []),
      button('crop.reset_btn', () => rules !== null && show(firstArea(rules, options.selectionRatio))),
      element('span', { class: 'gap' }),
      ...(options.canSkip ? [button('crop.skip_btn', () => answer(null))] : []),
      crop,
    ),
  );
  parent.append(view);

  image.onload = () => {
    rules = {
      image: { width: image.naturalWidth, height: image.naturalHeight },
      aspectRatio: options.aspectRatio,
    };
    stage.style.aspectRatio = `${image.naturalWidth} / ${image.naturalHeight}`;
    show(firstArea(rules, options.selectionRatio));
    crop.disabled = false;
    box.focus();
  };
  image.onerror = () => {
    stage.replaceChildren(element('p', { role: 'alert' }, text('crop.image_error')));
  };
  image.src = url;

  function show(next: CropArea): void {
    area = next;
    if (rules === null) return;
    const { width, height } = rules.image;
    box.style.left = `${(area.x / width) * 100}%`;
    box.style.top = `${(area.y / height) * 100}%`;
    box.style.width = `${(area.width / width) * 100}%`;
    box.style.height = `${(area.height / height) * 100}%`;
    for (const [at, member] of members.entries()) {
      const input = inputs[at];
      if (input !== undefined) input.value = String(area[member]);
    }
    size.textContent = text('crop.size', { width: area.width, height: area.height });
  }

  /** Drag with mouse, pen or finger; arrow keys, a hundredth of the image at a time, with Alt one pixel. */
  function listen(
    target: HTMLElement,
    change: (byX: number, byY: number, rules: CropRules, isShift: boolean) => CropArea,
  ): void {
    let from: { readonly x: number; readonly y: number; readonly area: CropArea } | null = null;
    target.addEventListener('pointerdown', (event) => {
      if (event.target !== target || event.button !== 0) return;
      event.preventDefault();
      target.focus();
      target.setPointerCapture(event.pointerId);
      from = { x: event.clientX, y: event.clientY, area };
    });
    target.addEventListener('pointermove', (event) => {
      if (from === null || rules === null) return;
      const scale = rules.image.width / stage.getBoundingClientRect().width;
      area = from.area;
      show(change((event.clientX - from.x) * scale, (event.clientY - from.y) * scale, rules, false));
    });
    for (const name of ['pointerup', 'pointercancel'] as const) {
      target.addEventListener(name, () => {
        from = null;
      });
    }
    target.addEventListener('keydown', (event) => {
      const [x = 0, y = 0] = arrows[event.key] ?? [];
      if (rules === null || event.target !== target || (x === 0 && y === 0)) return;
      event.preventDefault();
      const step = event.altKey
        ? 1
        : Math.max(1, Math.round(Math.max(rules.image.width, rules.image.height) / keySteps));
      show(change(x * step, y * step, rules, event.shiftKey));
    });
  }

  return () => {
    URL.revokeObjectURL(url);
    view.remove();
  };
}
