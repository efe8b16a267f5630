import type { UploadSource } from './sources.js';

/** Every option of the upload widget (widget reference, section 1.3), and ours. snake_case spellings are accepted too. */
export interface UploadWidgetOptions {
  // Identity and signing
  cloudName?: string;
  uploadPreset?: string;
  apiKey?: string;
  uploadSignature?: string | UploadSignature | null;
  uploadSignatureTimestamp?: number | null;

  /** Origin of the Upload API, for example `https://media.example.org`. */
  apiUrl?: string;
  /** Where to ask for signatures: `POST {"paramsToSign": {...}}` -> `{"signature": "..."}`. */
  signatureEndpoint?: string;
  signatureHeaders?: Readonly<Record<string, string>> | (() => Readonly<Record<string, string>>);
  signatureCredentials?: 'omit' | 'same-origin' | 'include';
  /** Signs in code of the page; a promise of the signature, or of it with the API key. */
  sign?: (
    paramsToSign: Readonly<Record<string, string>>,
    context: { readonly signal: AbortSignal },
  ) => Promise<string | { readonly signature: string; readonly apiKey?: string; readonly api_key?: string }>;

  // Widget and sources
  sources?: readonly string[] | null;
  sourcePlugins?: readonly UploadSource[];
  defaultSource?: string;
  multiple?: boolean;
  maxFiles?: number | null;
  encryption?: { readonly key: string; readonly iv: string } | null;

  // Upload parameters. Further parameters of the Upload API may be given under their own names.
  publicId?: string | null;
  folder?: string | null;
  tags?: readonly string[] | string | null;
  context?: Readonly<Record<string, string>> | string | null;
  resourceType?: 'auto' | 'image' | 'video' | 'raw';

  // Client-side restrictions
  clientAllowedFormats?: readonly string[] | string | null;
  maxFileSize?: number | null;
  maxImageFileSize?: number | null;
  maxVideoFileSize?: number | null;
  maxRawFileSize?: number | null;
  maxImageWidth?: number | null;
  maxImageHeight?: number | null;
  validateMaxWidthHeight?: boolean;
  minImageWidth?: number | null;
  minImageHeight?: number | null;
  croppingValidateDimensions?: boolean;
  maxChunkSize?: number | null;

  // Cropping
  cropping?: boolean | 'server';
  showSkipCropButton?: boolean;
  croppingAspectRatio?: number | null;
  croppingDefaultSelectionRatio?: number;
  croppingShowDimensions?: boolean;
  croppingCoordinatesMode?: 'custom' | 'face';
  croppingShowBackButton?: boolean;

  // Containing page
  form?: string | Element | null;
  fieldName?: string;
  thumbnails?: string | Element | null;
  thumbnailTransformation?: string | TransformationMap | readonly TransformationMap[];

  // Appearance
  buttonClass?: string;
  buttonCaption?: string;
  theme?: 'default' | 'white' | 'minimal' | 'purple';
  colorScheme?: 'auto' | 'light' | 'dark';
  styles?: WidgetStyles;
  text?: Readonly<Record<string, TextTree>>;
  language?: string;
  inlineContainer?: string | Element | null;
  showPoweredBy?: boolean;
  autoMinimize?: boolean;
  queueViewPosition?: string;
  showAdvancedOptions?: boolean;
  showCompletedButton?: boolean;
  showUploadMoreButton?: boolean;
  singleUploadAutoClose?: boolean;
  showInsecurePreview?: boolean;

  // Hooks (widget reference, section 1.5)
  getTags?: (callback: (tags: readonly string[]) => void, prefix: string) => void;
  getUploadPresets?: (callback: (presets: readonly string[]) => void) => void;
  preBatch?: (
    callback: (answer?: { readonly cancel?: boolean }) => void,
    batch: { readonly files: readonly File[] },
  ) => void;
  prepareUploadParams?: (
    callback: (answer?: PreparedParams | readonly PreparedParams[]) => void,
    params: Readonly<Record<string, unknown>>,
  ) => void;

  // Ours
  /** On a refused signature, says both strings to sign and the parameter that differs. For development. */
  debug?: boolean;
  /** Keeps unfinished uploads over a reload of the page. */
  resume?: boolean;
  /** How long a hook of the page may take. */
  hookTimeoutMs?: number;

  /** Options of the original that have no meaning here, and whatever call sites invent, are accepted. */
  readonly [other: string]: unknown;
}

export type UploadSignature = (
  callback: (signature: string | null | undefined, error?: unknown) => void,
  paramsToSign: Readonly<Record<string, string>>,
) => void;

export interface PreparedParams {
  readonly cancel?: boolean;
  readonly [name: string]: unknown;
}

export type TransformationMap = Readonly<Record<string, string | number>>;
export interface TextTree {
  readonly [key: string]: string | TextTree;
}

export interface WidgetStyles {
  readonly palette?: Readonly<Record<string, string>>;
  readonly frame?: { readonly background?: string };
  readonly fonts?: Readonly<
    Record<string, string | null | { readonly url: string; readonly active?: boolean }>
  >;
}

/** Where the reference names a default, this is it (widget reference, section 1.3). */
const defaults = {
  uploadSignature: null,
  sources: null,
  sourcePlugins: [],
  defaultSource: 'local',
  multiple: true,
  maxFiles: null,
  publicId: null,
  resourceType: 'auto',
  showSkipCropButton: true,
  croppingDefaultSelectionRatio: 1,
  croppingCoordinatesMode: 'custom',
  croppingShowBackButton: true,
  fieldName: 'image',
  thumbnailTransformation: { width: 90, height: 60, crop: 'limit' },
  theme: 'default',
  language: 'en',
  showPoweredBy: true,
  queueViewPosition: 'right:35px',
  showUploadMoreButton: true,
  singleUploadAutoClose: true,
  hookTimeoutMs: 60_000,
} as const satisfies UploadWidgetOptions;

type Defaulted = {
  readonly [Name in keyof typeof defaults]:
    | NonNullable<UploadWidgetOptions[Name]>
    | (null extends (typeof defaults)[Name] ? null : never);
};

/** Options with every default filled in. */
export type Settings = UploadWidgetOptions & Defaulted & { readonly cropping: boolean };

/** Null is as good as absent: it takes back what was given before. */
function withDefaults(given: UploadWidgetOptions): Settings {
  const said = Object.entries(given).filter(([, value]) => value !== null);
  const cropping = given.cropping === true || given.cropping === 'server';
  return { ...defaults, ...(Object.fromEntries(said) as Partial<Defaulted>), cropping };
}

/** Names with an acronym or a sub-tree keep their spelling; `data-*` never occurs. */
export function camelCase(name: string): string {
  return name.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** One spelling for every name: `upload_preset` is `uploadPreset`. The camelCase spelling wins when both are given. */
export function readOptions(given: UploadWidgetOptions): UploadWidgetOptions {
  const options: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const spelled = camelCase(name);
    if (spelled !== name && given[spelled] !== undefined) continue;
    if (value !== undefined) options[spelled] = value;
  }
  return options as UploadWidgetOptions;
}

/** Never changed after the widget was made (widget reference, section 1.2). */
const fixedOptions: ReadonlySet<string> = new Set([
  ...['secure', 'uploadSignature', 'getTags', 'preBatch', 'inlineContainer', 'fieldName'],
]);

export function createSettings(given: UploadWidgetOptions): Settings {
  return withDefaults(readOptions(given));
}

/** What `update()` makes of the settings. */
export function mergeSettings(settings: Settings, changes: UploadWidgetOptions): Settings {
  const allowed = Object.entries(readOptions(changes)).filter(([name]) => !fixedOptions.has(name));
  return withDefaults({ ...settings, ...Object.fromEntries(allowed) } as UploadWidgetOptions);
}
