import {
  CldUploadButton,
  type CldUploadButtonProps,
  CldUploadWidget,
  type CldUploadWidgetProps,
  type CldUploadWidgetPropsChildren,
} from '@counterseal/react';
import { StrictMode, version } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { AddPhoto } from '../../drop-in/next/app/photos/add-photo.jsx';

/* A page that tests render components into, by what it leaves in `window.harness`. */
interface Told {
  readonly name: string;
  readonly given: readonly unknown[];
}

interface Harness {
  reactVersion: string;
  told: Told[];
  /** What the function between the tags was given last. */
  args: CldUploadWidgetPropsChildren | undefined;
  /** A handler that writes down what it was given. */
  note(name: string): (...given: unknown[]) => void;
  renderWidget(props: CldUploadWidgetProps, strict?: boolean): void;
  renderButton(props: CldUploadButtonProps, strict?: boolean): void;
  /** The component of docs/guides/next.md. */
  renderAddPhoto(userId: string): void;
  unmount(): void;
}

let root: Root | null = null;

function render(element: React.JSX.Element, strict: boolean): void {
  root ??= createRoot(document.getElementById('root') as HTMLElement);
  root.render(strict ? <StrictMode>{element}</StrictMode> : element);
}

const harness: Harness = {
  reactVersion: version,
  told: [],
  args: undefined,
  note:
    (name) =>
    (...given) => {
      harness.told.push({ name, given });
    },
  renderWidget: (props, strict = false) =>
    render(
      <CldUploadWidget {...props}>
        {(args) => {
          harness.args = args;
          return (
            <button type="button" disabled={args.isLoading} onClick={() => args.open()}>
              Open
            </button>
          );
        }}
      </CldUploadWidget>,
      strict,
    ),
  renderButton: (props, strict = false) => render(<CldUploadButton {...props} />, strict),
  renderAddPhoto: (userId) => render(<AddPhoto userId={userId} save={harness.note('save')} />, true),
  unmount() {
    root?.unmount();
    root = null;
  },
};

Object.assign(window, { harness });
