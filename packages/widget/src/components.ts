/*
 * `@counterseal/widget/components`: what a component around the widget needs, whatever its framework. Importing it loads no widget and
 * touches no DOM, so a server may render with it; the widget itself comes by a dynamic import when a component is mounted.
 */
export {
  type ComponentConfig,
  type ComponentOptions,
  componentOptions,
  mergeComponentConfigs,
} from './component/component-options.js';
export {
  type ComponentWidget,
  type ComponentWidgetProps,
  type ComponentWidgetSnapshot,
  createComponentWidget,
} from './component/component-widget.js';
export { loadWidgetProvider, type WidgetProvider, type WidgetSource } from './component/load-provider.js';
export { type OpenerAttributes, openerAttributes } from './component/opener-attributes.js';
export {
  createResultCallback,
  UPLOAD_WIDGET_EVENTS,
  type UploadWidgetContext,
  type UploadWidgetHandlers,
  type UploadWidgetResultOf,
} from './component/result-handlers.js';
