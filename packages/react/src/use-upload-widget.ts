import type { UploadWidgetError, UploadWidgetResult } from '@counterseal/widget';
import { type ComponentWidgetProps, createComponentWidget } from '@counterseal/widget/components';
import { useEffect, useInsertionEffect, useRef, useState } from 'react';
import type { CldUploadWidgetProps, CldUploadWidgetPropsChildren } from './props.js';
import { widgetProps } from './widget-props.js';

/**
 * One widget for one mounted component: loaded and made in an effect, so that servers render without it; removed when the component
 * goes, and made again when StrictMode mounts it twice. Handlers and options are those of the last commit.
 */
export function useUploadWidget(props: CldUploadWidgetProps): CldUploadWidgetPropsChildren {
  const latest = useRef(props);
  const [results, setResults] = useState<UploadWidgetResult>();
  const [error, setError] = useState<UploadWidgetError>();

  const [kept] = useState(() => {
    const told = (): ComponentWidgetProps => {
      const given = latest.current;
      return {
        ...widgetProps(given),
        onResult(result, context) {
          setResults(result);
          given.onResult?.(result, context);
        },
        onError(failure, context) {
          setError(failure);
          if (given.onError !== undefined) given.onError(failure, context);
          else console.error(`[counterseal] ${failure.statusText}`);
        },
      };
    };
    return createComponentWidget(told, () => setSnapshot(kept.snapshot()));
  });
  const [{ widget, cloudinary, isLoading, loadError }, setSnapshot] = useState(() => kept.snapshot());

  // Before any effect of this commit asks for them.
  useInsertionEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    kept.mount();
    return () => kept.unmount();
  }, [kept]);
  useEffect(() => kept.refresh());

  const provider = cloudinary ?? undefined;
  return { ...kept.methods, widget, cloudinary: provider, isLoading, loadError, results, error };
}
