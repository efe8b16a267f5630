import type { UploadWidget } from '@counterseal/widget';
import type {
  ComponentOptions,
  ComponentWidgetProps,
  ComponentWidgetSnapshot,
  UploadWidgetHandlers,
  WidgetSource,
} from '@counterseal/widget/components';
import { UPLOAD_WIDGET_EVENTS } from '@counterseal/widget/components';
import type { HTMLButtonAttributes } from 'svelte/elements';
import type { CloudinaryConfig } from '../cloudinary-config.js';
import { resolveConfig } from '../configuration.js';

/** Props of both upload components (widgets reference, section 3.3). Types of options and events are the widget's. */
export type CldUploadWidgetProps = Omit<ComponentOptions, 'config'> &
  WidgetSource &
  UploadWidgetHandlers & { readonly config?: CloudinaryConfig | undefined };

/** The widget's props, and the attributes of the button. */
export type CldUploadButtonProps = CldUploadWidgetProps &
  Omit<HTMLButtonAttributes, keyof CldUploadWidgetProps | 'children'>;

/** What `let:…` and the `children` snippet are given: the methods, which may be passed on as they are, and the state. */
export type CldUploadWidgetSlotProps = UploadWidget & ComponentWidgetSnapshot;

const names: ReadonlySet<string> = new Set<keyof CldUploadWidgetProps>([
  ...(['uploadPreset', 'signatureEndpoint', 'signatureHeaders', 'signatureCredentials', 'sign'] as const),
  ...(['apiUrl', 'options', 'config', 'widget', 'scriptUrl'] as const),
  ...(['onError', 'onOpen', 'onResult', 'onUpload'] as const),
  ...Object.values(UPLOAD_WIDGET_EVENTS),
]);

type AnyProps = Readonly<Record<string, unknown>>;

const pick = (props: AnyProps, isWanted: (name: string) => boolean) =>
  Object.fromEntries(Object.entries(props).filter(([name]) => isWanted(name)));

/** The widget's part of what a button was given. */
export const widgetPropsOf = (props: AnyProps): CldUploadWidgetProps =>
  pick(props, (name) => names.has(name));

/** What is left for the `<button>`. */
export const buttonPropsOf = (props: AnyProps): Record<string, unknown> =>
  pick(props, (name) => !names.has(name));

/** Props as the widget wants them: the configuration is complete, and `onError` is told a text (widgets reference, section 3.3). */
export function componentProps(
  props: CldUploadWidgetProps,
  above: CloudinaryConfig | null,
): ComponentWidgetProps {
  const { onError } = props;
  return {
    ...props,
    config: resolveConfig(props.config, above),
    onError: onError && ((error, context) => onError(error.statusText, context)),
  };
}
