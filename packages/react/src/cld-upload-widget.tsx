import type { ReactElement } from 'react';
import type { CldUploadWidgetProps } from './props.js';
import { useUploadWidget } from './use-upload-widget.js';

/**
 * Upload widget without a look of its own: what the function between the tags answers is what is shown (widgets reference, section
 * 3.3).
 */
export function CldUploadWidget(props: CldUploadWidgetProps): ReactElement {
  const args = useUploadWidget(props);
  return <>{typeof props.children === 'function' ? props.children(args) : null}</>;
}
