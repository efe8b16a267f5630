import type {
  UploadWidgetCallback,
  UploadWidgetError,
  UploadWidgetEventName,
  UploadWidgetResult,
} from '../events.js';
import type { UploadWidget } from '../upload-widget/widget.js';

/** Which handler an event is told to (widgets reference, section 3.1). `error` has `onError`. */
export const UPLOAD_WIDGET_EVENTS = {
  abort: 'onAbort',
  'batch-cancelled': 'onBatchCancelled',
  close: 'onClose',
  'display-changed': 'onDisplayChanged',
  publicid: 'onPublicId',
  'queues-end': 'onQueuesEnd',
  'queues-start': 'onQueuesStart',
  retry: 'onRetry',
  'show-completed': 'onShowCompleted',
  'source-changed': 'onSourceChanged',
  success: 'onSuccess',
  tags: 'onTags',
  'upload-added': 'onUploadAdded',
} as const satisfies Readonly<Record<Exclude<UploadWidgetEventName, 'error'>, `on${string}`>>;

type EventHandlerTable = typeof UPLOAD_WIDGET_EVENTS;

/** What the handler of an event is given first: `UploadWidgetResultOf<'success'>['info']` is the answer of the server. */
export type UploadWidgetResultOf<Name extends UploadWidgetEventName> = Extract<
  UploadWidgetResult,
  { readonly event: Name }
>;

/** What a handler is given second: every method of the widget, and the widget. */
export type UploadWidgetContext = UploadWidget & { readonly widget: UploadWidget };

/** The event props of an upload component (widgets reference, section 3.3). */
export type UploadWidgetHandlers<Failure = string> = {
  readonly [Name in keyof EventHandlerTable as EventHandlerTable[Name]]?:
    | ((result: UploadWidgetResultOf<Name>, context: UploadWidgetContext) => unknown)
    | undefined;
} & {
  readonly onError?: ((error: Failure, context: UploadWidgetContext) => unknown) | undefined;
  /** Every event, before its own handler; errors too. */
  readonly onResult?: ((result: UploadWidgetResult, context: UploadWidgetContext) => unknown) | undefined;
  /** @deprecated `onSuccess` is the same. */
  readonly onUpload?:
    | ((result: UploadWidgetResultOf<'success'>, context: UploadWidgetContext) => unknown)
    | undefined;
  /** The component's `open` was called. */
  readonly onOpen?: ((widget: UploadWidget) => unknown) | undefined;
};

type AnyHandler = ((result: UploadWidgetResult, context: UploadWidgetContext) => unknown) | undefined;

/**
 * The widget's callback for event props. Both functions are asked at each event, so that the handler which is called is the latest
 * one. Handlers have `onError` with the widget's own error; {@link UploadWidgetHandlers} of components may map it to a text.
 */
export function createResultCallback(
  handlers: () => UploadWidgetHandlers<UploadWidgetError>,
  context: () => UploadWidgetContext,
): UploadWidgetCallback {
  return (error, result) => {
    const told = handlers();
    const given = context();
    if (error !== null) told.onError?.(error, given);
    told.onResult?.(result, given);
    if (error !== null || result.event === 'error') return;
    (told[UPLOAD_WIDGET_EVENTS[result.event]] as AnyHandler)?.(result, given);
    if (result.event === 'success') told.onUpload?.(result, given);
  };
}
