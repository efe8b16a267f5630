export type { UploadInfo, UploadWidgetOptions, UploadWidgetResult } from '@counterseal/widget';
export type { CloudinaryConfig } from './cloudinary-config.js';
export { configureCloudinary } from './configuration.js';
export { default as CldImage } from './image/CldImage.svelte';
export { type CldImageOptions, type Crop, getCldImageUrl } from './image/get-cld-image-url.js';
export type { CldImageProps } from './image/image-props.js';
export { default as CldUploadButton } from './upload/CldUploadButton.svelte';
export { default as CldUploadWidget } from './upload/CldUploadWidget.svelte';
export type {
  CldUploadButtonProps,
  CldUploadWidgetProps,
  CldUploadWidgetSlotProps,
} from './upload/widget-props.js';
