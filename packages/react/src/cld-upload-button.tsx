import type { MouseEvent, ReactElement } from 'react';
import { type CldUploadButtonProps, splitProps } from './props.js';
import { useUploadWidget } from './use-upload-widget.js';

/** A button that opens the upload widget; it cannot be pressed before the widget is loaded. */
export function CldUploadButton({
  children,
  disabled,
  onClick,
  ...props
}: CldUploadButtonProps): ReactElement {
  const { own, rest } = splitProps(props);
  const { open, isLoading } = useUploadWidget(own);
  const click = (event: MouseEvent<HTMLButtonElement>) => {
    event.preventDefault();
    open();
    onClick?.(event);
  };
  return (
    <button type="button" {...rest} onClick={click} disabled={isLoading || disabled === true}>
      {children ?? 'Upload'}
    </button>
  );
}
