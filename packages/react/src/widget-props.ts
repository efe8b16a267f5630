import type { UploadWidgetResult } from '@counterseal/widget';
import {
  type ComponentWidgetProps,
  mergeComponentConfigs,
  UPLOAD_WIDGET_EVENTS,
} from '@counterseal/widget/components';
import { environmentConfig } from './environment.js';
import type { CldUploadWidgetProps } from './props.js';

type Handler = ((result: UploadWidgetResult, context: unknown) => unknown) | undefined;
type Action = ((result: UploadWidgetResult) => unknown) | undefined;

/** What the widget of a component is kept by: `config` before the environment, an action beside each handler. */
export function widgetProps(props: CldUploadWidgetProps): ComponentWidgetProps {
  const { signatureEndpoint, config } = props;
  const named = props as Readonly<Record<string, unknown>>;
  const handlers = Object.values(UPLOAD_WIDGET_EVENTS).map((name) => {
    const [handler, action] = [named[name] as Handler, named[`${name}Action`] as Action];
    return [name, action === undefined ? handler : withAction(handler, action)] as const;
  });
  return {
    ...props,
    ...Object.fromEntries(handlers),
    config: mergeComponentConfigs(config, environmentConfig()),
    signatureEndpoint: addressOf(signatureEndpoint),
  };
}

function withAction(handler: Handler, action: NonNullable<Action>): NonNullable<Handler> {
  return (result, context) => {
    handler?.(result, context);
    action(plainResult(result));
  };
}

/**
 * A result that can be sent to a server action. Files are left out: the action would be sent every byte that was uploaded already.
 */
function plainResult(result: UploadWidgetResult): UploadWidgetResult {
  const text = JSON.stringify(result, (_, value: unknown) => (value instanceof Blob ? null : value));
  return JSON.parse(text) as UploadWidgetResult;
}

function addressOf(endpoint: CldUploadWidgetProps['signatureEndpoint']): string | undefined {
  if (endpoint === undefined || typeof endpoint === 'string') return endpoint;
  return endpoint instanceof URL ? endpoint.href : endpoint.url;
}
