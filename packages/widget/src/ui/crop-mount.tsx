import { h } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { loadParts } from '../load-parts.js';
import type { CropRequest } from '../upload-widget/state.js';
import type { ViewContext } from './context.js';

/** The crop view, loaded when the first image is to be cropped. */
export function CropMount({
  request,
  context,
}: {
  readonly request: CropRequest;
  readonly context: ViewContext;
}) {
  const place = useRef<HTMLDivElement>(null);
  const [hasFailed, setHasFailed] = useState(false);
  const { settings, t } = context;

  useEffect(() => {
    let cleanUp = () => {};
    let isOver = false;
    loadParts.crop().then(
      ({ mountCropView }) => {
        if (isOver || place.current === null) return;
        cleanUp = mountCropView(place.current, {
          file: request.file,
          aspectRatio: settings.croppingAspectRatio ?? null,
          selectionRatio: settings.croppingDefaultSelectionRatio,
          canSkip: settings.showSkipCropButton,
          canGoBack: settings.croppingShowBackButton,
          showDimensions: settings.croppingShowDimensions === true,
          text: t,
          answer: request.answer,
        });
      },
      () => setHasFailed(true),
    );
    return () => {
      isOver = true;
      cleanUp();
    };
  }, [request]);

  return (
    <div class="crop-mount" ref={place}>
      {hasFailed && (
        <div class="centred">
          <p role="alert">{t('load_failed')}</p>
          <button type="button" class="button" onClick={() => request.answer('cancel')}>
            {t('back')}
          </button>
        </div>
      )}
    </div>
  );
}
