/** One crop of an image. `source: true` crops the original before everything else. */
export interface Crop {
  readonly type?: string | undefined;
  readonly width?: number | string | undefined;
  readonly height?: number | string | undefined;
  readonly aspectRatio?: number | string | undefined;
  readonly gravity?: string | undefined;
  readonly x?: number | string | undefined;
  readonly y?: number | string | undefined;
  readonly zoom?: number | string | undefined;
  readonly source?: boolean | undefined;
}

export interface TransformationOptions extends Omit<Crop, 'type' | 'source' | 'x' | 'y'> {
  readonly crop?: string | Crop | readonly Crop[] | undefined;
  /** Components as they stand in the URL, before the last crop. */
  readonly rawTransformations?: string | readonly string[] | undefined;
  readonly dpr?: number | string | undefined;
  /** `default` leaves it to the extension; without it, `auto`. */
  readonly format?: string | undefined;
  /** `default` leaves it to the server; without it, `auto`. */
  readonly quality?: number | string | undefined;
}

/** Crops that fill their box: those which take an aspect ratio, and look for the subject unless told where it is. */
const filling: ReadonlySet<string> = new Set(['auto', 'crop', 'fill', 'lfill', 'fill_pad', 'thumb']);
const zooming: ReadonlySet<string> = new Set(['crop', 'thumb']);

/** "Svelte default crop (`fill`, center, source)" (widgets reference, section 3.6). One side alone needs no filling. */
const defaultCrop = { type: 'fill', gravity: 'center', source: true } as const;

/** The transformation, component by component, in the order of the original (widgets reference, section 3.6). */
export function transformationText(options: TransformationOptions): string {
  const crops = cropsOf(options);
  const raw = [options.rawTransformations ?? []].flat();
  const given = (key: string) => raw.some((text) => text.split(/[/,]/).some((part) => part.startsWith(key)));
  const { format, quality, dpr } = options;
  return [
    ...crops.filter(({ source }) => source === true).map((crop) => cropText(crop, options)),
    ...raw,
    ...crops.filter(({ source }) => source !== true).map((crop) => cropText(crop, options)),
    dpr === undefined ? '' : `dpr_${typeof dpr === 'number' ? dpr.toFixed(1) : dpr}`,
    autoText('f_', format, given('f_')),
    autoText('q_', quality, given('q_')),
  ]
    .filter((text) => text !== '')
    .join('/');
}

function cropsOf(options: TransformationOptions): readonly Crop[] {
  const { crop, width, height, aspectRatio, gravity, zoom } = options;
  const limit = { type: 'limit', width, height, aspectRatio, gravity, zoom };
  const hasBox = width !== undefined && (height !== undefined || aspectRatio !== undefined);
  const chosen = crop ?? (hasBox && gravity === undefined ? defaultCrop : 'limit');
  if (typeof chosen === 'string') return [{ ...limit, type: chosen }];
  const all = [chosen].flat() as readonly Crop[];
  return all.length === 1 && all[0]?.source === true ? [...all, limit] : all;
}

function cropText(crop: Crop, options: TransformationOptions): string {
  const { type = 'limit', x, y, zoom } = crop;
  const own =
    crop.width === undefined && crop.aspectRatio === undefined ? { ...options, ...definedOf(crop) } : crop;
  const aspectRatio = filling.has(type) ? crop.aspectRatio : undefined;
  const isPlaced = x !== undefined || y !== undefined;
  if (!own.width && !own.height && !aspectRatio && !isPlaced) return '';
  const gravity = crop.gravity ?? (filling.has(type) && !isPlaced ? 'auto' : undefined);
  const parts: readonly (readonly [string, unknown])[] = [
    ['c', type],
    ['ar', aspectRatio],
    ['w', own.width],
    ['h', type === 'limit' ? undefined : own.height],
    ['x', x],
    ['y', y],
    ['g', gravity === 'auto' && !filling.has(type) ? undefined : gravity],
    ['z', zoom === 'auto' && !zooming.has(type) ? undefined : zoom],
  ];
  return parts.flatMap(([key, value]) => (value === undefined ? [] : `${key}_${value}`)).join(',');
}

function autoText(key: string, value: number | string | undefined, isInRaw: boolean): string {
  if (value === 'default' || (isInRaw && value === undefined)) return '';
  return `${key}${value ?? 'auto'}`;
}

const definedOf = (crop: Crop): Crop =>
  Object.fromEntries(Object.entries(crop).filter(([, value]) => value !== undefined));
