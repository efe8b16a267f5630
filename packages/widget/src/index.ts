export { setCloudName } from './api-url.js';
export { createSearchSource, type SearchSourceOptions } from './create-search-source.js';
export type {
  AddedFile,
  QueueItem,
  UploadErrorInfo,
  UploadInfo,
  UploadWidgetCallback,
  UploadWidgetError,
  UploadWidgetEventName,
  UploadWidgetResult,
} from './events.js';
export type {
  PreparedParams,
  TextTree,
  TransformationMap,
  UploadSignature,
  UploadWidgetOptions,
  WidgetStyles,
} from './options.js';
export {
  type PickedUrl,
  registerSource,
  type SourceCleanUp,
  type SourceContext,
  type UploadSource,
} from './sources.js';
export { applyUploadWidget } from './upload-widget/apply.js';
export { createUploadWidget, openUploadWidget, type UploadWidget } from './upload-widget/widget.js';
