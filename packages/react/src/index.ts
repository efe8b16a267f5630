'use client';

export type {
  UploadInfo as CloudinaryUploadWidgetInfo,
  UploadWidget,
  UploadWidgetError as CloudinaryUploadWidgetError,
  UploadWidgetOptions as CloudinaryUploadWidgetOptions,
  UploadWidgetResult as CloudinaryUploadWidgetResults,
} from '@counterseal/widget';
export { CldUploadButton } from './cld-upload-button.js';
export { CldUploadWidget } from './cld-upload-widget.js';
export type { CldUploadButtonProps, CldUploadWidgetProps, CldUploadWidgetPropsChildren } from './props.js';
