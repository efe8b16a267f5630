import type { createUploadWidget } from '../upload-widget/widget.js';

/** Who makes widgets: this package as a module, or `window.cloudinary` of a script. */
export interface WidgetProvider {
  readonly createUploadWidget: typeof createUploadWidget;
}

export interface WidgetSource {
  /** Makes the widgets, or promises who does: `() => import('@counterseal/widget')`. */
  readonly widget?: WidgetProvider | (() => WidgetProvider | Promise<WidgetProvider>) | undefined;
  /** Address of a script that merges `createUploadWidget` into `window.cloudinary`. */
  readonly scriptUrl?: string | undefined;
}

/** The widget given, else that of the script, else our own. Loaded when it is asked for, so that pages show without it. */
export async function loadWidgetProvider({ widget, scriptUrl }: WidgetSource): Promise<WidgetProvider> {
  if (typeof widget === 'function') return widget();
  if (widget !== undefined) return widget;
  if (scriptUrl) return providerOfScript(scriptUrl);
  return import('../index.js');
}

const loading = new Map<string, Promise<WidgetProvider>>();

/** One script element for an address, however many components ask. A failed one is asked again. */
function providerOfScript(scriptUrl: string): Promise<WidgetProvider> {
  const known = loading.get(scriptUrl);
  if (known !== undefined) return known;
  const loaded = new Promise<WidgetProvider>((resolve, reject) => {
    const script = Object.assign(document.createElement('script'), { src: scriptUrl, async: true });
    script.addEventListener('load', () => {
      const { cloudinary } = globalThis as { cloudinary?: Partial<WidgetProvider> };
      if (typeof cloudinary?.createUploadWidget === 'function') resolve(cloudinary as WidgetProvider);
      else refuse(`${scriptUrl} has no upload widget`);
    });
    script.addEventListener('error', () => refuse(`The upload widget cannot be loaded from ${scriptUrl}`));
    const refuse = (message: string) => {
      script.remove();
      reject(new Error(message));
    };
    document.head.append(script);
  });
  loading.set(scriptUrl, loaded);
  loaded.catch(() => loading.delete(scriptUrl));
  return loaded;
}
