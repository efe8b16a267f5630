import { defaultCloudName } from '../api-url.js';
import { findMisconfiguration } from '../core/settle-signing.js';
import { readOptions, type UploadWidgetOptions } from '../options.js';

/** Where uploads and images are, as the `config` prop, a context or the environment says it (widgets reference, section 3.3). */
export interface ComponentConfig<Url extends object = object> {
  readonly cloudName?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly uploadPreset?: string | undefined;
  /** Origin of the Upload API. Ours. */
  readonly apiUrl?: string | undefined;
  /** The members of the same names beside it win. */
  readonly cloud?:
    | { readonly cloudName?: string | undefined; readonly apiKey?: string | undefined }
    | undefined;
  /** How delivery URLs are built; widgets do not read it. */
  readonly url?: Url | undefined;
}

/** The props of an upload component that become options of its widget. */
export type ComponentOptions = Pick<
  UploadWidgetOptions,
  'uploadPreset' | 'signatureEndpoint' | 'signatureHeaders' | 'signatureCredentials' | 'sign' | 'apiUrl'
> & {
  /** Everything else that a widget can be told. */
  readonly options?: UploadWidgetOptions | undefined;
  readonly config?: ComponentConfig | undefined;
};

const optionProps = [
  ...['uploadPreset', 'signatureEndpoint', 'signatureHeaders', 'signatureCredentials', 'sign', 'apiUrl'],
] as const satisfies readonly (keyof ComponentOptions)[];

/** One configuration from many, name by name; the first that says something wins. */
export function mergeComponentConfigs<Url extends object = object>(
  ...sources: readonly (ComponentConfig<Url> | null | undefined)[]
): ComponentConfig<Url> {
  const first = <Value>(read: (config: ComponentConfig<Url>) => Value | undefined): Value | undefined =>
    sources
      .map((config) => (config ? read(config) : undefined))
      .find((value) => value !== undefined && value !== '');
  return {
    cloudName: first((config) => config.cloudName || config.cloud?.cloudName),
    apiKey: first((config) => config.apiKey || config.cloud?.apiKey),
    uploadPreset: first((config) => config.uploadPreset),
    apiUrl: first((config) => config.apiUrl),
    url: Object.assign({}, ...sources.map((config) => definedOf(config?.url ?? {})).reverse()),
  };
}

const mistakes: Readonly<Record<string, string>> = {
  'notifications.missing_cloud_name': 'a cloud name is missing: give it in `config` or in the environment',
  'notifications.missing_preset':
    'an upload preset is missing, and so is `signatureEndpoint` or another way to sign',
  'notifications.missing_api_key': 'an API key is missing: `uploadSignature` needs it beside',
};

/**
 * The widget's options from a component's props: props win over `options`, which win over `config`. Unlike the original, an API key
 * is not asked for where the signing side may answer with it. Throws an `Error` with a readable text for a configuration that could
 * never upload; where to upload to is not judged, because a page or a script may say it too.
 */
export function componentOptions(props: ComponentOptions): UploadWidgetOptions {
  const config = mergeComponentConfigs(props.config);
  const options: UploadWidgetOptions = {
    ...definedOf({
      cloudName: config.cloudName ?? defaultCloudName(),
      apiKey: config.apiKey,
      uploadPreset: config.uploadPreset,
      apiUrl: config.apiUrl,
    }),
    ...readOptions(props.options ?? {}),
    ...definedOf(Object.fromEntries(optionProps.map((name) => [name, props[name]]))),
  };
  const mistake =
    mistakes[findMisconfiguration({ hookTimeoutMs: 0, ...options }, options.apiUrl ?? '') ?? ''];
  if (mistake !== undefined) throw new Error(`The uploader is not set up: ${mistake}.`);
  return options;
}

function definedOf(values: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== ''),
  );
}
