import { openerAttributes } from '@counterseal/widget/components';
import type { MouseEvent, ReactElement } from 'react';
import { type CldUploadButtonProps, splitProps } from './props.js';
import { useUploadWidget } from './use-upload-widget.js';

/** A button that opens the upload widget; it waits for the widget, and says when that cannot be loaded. */
export function CldUploadButton({
  children,
  disabled,
  onClick,
  ...props
}: CldUploadButtonProps): ReactElement {
  const { own, rest } = splitProps(props);
  const { open, isLoading, loadError } = useUploadWidget(own);
  const attributes = openerAttributes({ isLoading, loadError });
  const click = (event: MouseEvent<HTMLButtonElement>) => {
    event.preventDefault();
    open();
    onClick?.(event);
  };
  return (
    <button
      type="button"
      {...rest}
      {...attributes}
      onClick={click}
      disabled={attributes.disabled || disabled === true}
    >
      {children ?? 'Upload'}
    </button>
  );
}
