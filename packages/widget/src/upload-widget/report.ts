import type {
  UploadErrorInfo,
  UploadWidgetCallback,
  UploadWidgetEventName,
  UploadWidgetResult,
} from '../events.js';

type InfoOf<Name extends UploadWidgetEventName> = Extract<UploadWidgetResult, { event: Name }>['info'];

export interface Reporter {
  tell<Name extends UploadWidgetEventName>(event: Name, info: InfoOf<Name>): void;
  fail(info: Partial<UploadErrorInfo> & Pick<UploadErrorInfo, 'message' | 'kind'>): void;
  setCallback(callback: UploadWidgetCallback | null): void;
}

/** Tells the page what happens. An exception of the page's callback is the page's: it is reported and changes nothing here. */
export function createReporter(callback: UploadWidgetCallback | null, widgetId: string): Reporter {
  let listener = callback;
  const send = (error: Parameters<UploadWidgetCallback>[0], result: UploadWidgetResult) => {
    try {
      listener?.(error, result);
    } catch (thrown) {
      reportError(thrown);
    }
  };
  const resultOf = (event: string, info: unknown) =>
    ({ event, info, data: { event, info, type: 'event', widgetId } }) as unknown as UploadWidgetResult;
  return {
    tell: (event, info) => send(null, resultOf(event, info)),
    fail(info) {
      const complete: UploadErrorInfo = { id: null, name: null, httpStatus: null, ...info };
      send({ status: info.message, statusText: info.message }, resultOf('error', complete));
    },
    setCallback(next) {
      listener = next;
    },
  };
}
