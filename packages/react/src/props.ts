import type { UploadWidget, UploadWidgetError, UploadWidgetResult } from '@counterseal/widget';
import {
  type ComponentOptions,
  UPLOAD_WIDGET_EVENTS,
  type UploadWidgetHandlers,
  type UploadWidgetResultOf,
  type WidgetProvider,
  type WidgetSource,
} from '@counterseal/widget/components';
import type { ButtonHTMLAttributes, ReactNode } from 'react';

type EventTable = typeof UPLOAD_WIDGET_EVENTS;
type HandlerName = EventTable[keyof EventTable];
type EventPropName = HandlerName | `${HandlerName}Action`;

/** `onSuccessAction` and the rest: results only, in a form that a server action can be sent. */
export type UploadWidgetActions = {
  readonly [Name in keyof EventTable as `${EventTable[Name]}Action`]?:
    | ((result: UploadWidgetResultOf<Name>) => unknown)
    | undefined;
};

/** The props of next-cloudinary (widgets reference, section 3.3), and what it lacks. */
export type CldUploadWidgetProps = Omit<ComponentOptions, 'signatureEndpoint'> &
  WidgetSource &
  UploadWidgetHandlers<UploadWidgetError> &
  UploadWidgetActions & {
    readonly children?: ((args: CldUploadWidgetPropsChildren) => ReactNode) | undefined;
    /** Where to ask for signatures; of a `Request` only the address is used. */
    readonly signatureEndpoint?: string | URL | Request | undefined;
  };

/** What the function between the tags is given. The methods never change and may be called at any time. */
export type CldUploadWidgetPropsChildren = UploadWidget & {
  /** Undefined until it is made. */
  readonly widget: UploadWidget | undefined;
  /** Who makes widgets; undefined until it is loaded. */
  readonly cloudinary: WidgetProvider | undefined;
  readonly isLoading: boolean;
  /** Why it could not be loaded; `open` tries again. Null otherwise. */
  readonly loadError: string | null;
  /** The last event. */
  readonly results: UploadWidgetResult | undefined;
  /** The last failure. */
  readonly error: UploadWidgetError | undefined;
};

/** Those of the widget, and those of a `<button>`. */
export type CldUploadButtonProps = Omit<CldUploadWidgetProps, 'children'> &
  Omit<ButtonHTMLAttributes<HTMLButtonElement>, keyof CldUploadWidgetProps> & {
    /** In the button; `Upload` when absent. */
    readonly children?: ReactNode;
  };

type WidgetProps = Omit<CldUploadWidgetProps, 'children'>;

/** The type keeps it complete. */
const otherNames: Readonly<Record<Exclude<keyof WidgetProps, EventPropName>, true>> = {
  ...{ config: true, options: true, uploadPreset: true, apiUrl: true, widget: true, scriptUrl: true },
  ...{ signatureEndpoint: true, signatureHeaders: true, signatureCredentials: true, sign: true },
  ...{ onError: true, onOpen: true, onResult: true, onUpload: true },
};

const widgetPropNames: ReadonlySet<string> = new Set([
  ...Object.values(UPLOAD_WIDGET_EVENTS).flatMap((name) => [name, `${name}Action`]),
  ...Object.keys(otherNames),
]);

/** What of a button's props is the widget's; the rest is the `<button>`'s. */
export function splitProps(props: Omit<CldUploadButtonProps, 'children' | 'disabled' | 'onClick'>): {
  readonly own: WidgetProps;
  readonly rest: ButtonHTMLAttributes<HTMLButtonElement>;
} {
  const isOwn = ([name]: readonly [string, unknown]) => widgetPropNames.has(name);
  const entries = Object.entries(props);
  return {
    own: Object.fromEntries(entries.filter(isOwn)),
    rest: Object.fromEntries(entries.filter((entry) => !isOwn(entry))),
  };
}
