import type { SourceContext } from '../sources.js';
import { adoptStyles, element } from './elements.js';

const css = `
.camera { display: flex; flex-direction: column; align-items: center; gap: 16px; margin: auto; width: 100%; }
.camera video, .camera canvas { max-width: 100%; max-height: min(40vh, 290px); border-radius: 12px; background: #000; }
.camera video { transform: scaleX(-1); }
.camera [hidden] { display: none; }
.camera .line { display: flex; gap: 8px; flex-wrap: wrap; justify-content: center; }
.camera p { margin: 0; text-align: center; }
`;

const pictureQuality = 0.92;

/** The camera tab. The camera is on only while the tab is shown. */
export function mountCameraSource(
  parent: HTMLElement,
  { text, addFiles, signal }: SourceContext,
): () => void {
  adoptStyles(parent, css);
  let stream: MediaStream | null = null;
  const video = element('video', {
    autoplay: true,
    muted: true,
    playsinline: true,
    'aria-label': text('camera.main_title'),
  });
  video.muted = true;
  const canvas = element('canvas', { hidden: true, role: 'img', 'aria-label': text('camera.main_title') });
  const message = element('p', { role: 'status' }, text('camera.explanation'));
  const row = element('div', { class: 'line' });
  const view = element('div', { class: 'camera' }, message, video, canvas, row);
  parent.append(view);

  const button = (label: string, run: () => void, primary = true) =>
    element(
      'button',
      { type: 'button', class: primary ? 'button primary' : 'button', click: run },
      text(label),
    );
  const show = (...buttons: HTMLButtonElement[]) => {
    const hadFocus = row.contains((row.getRootNode() as ShadowRoot).activeElement);
    row.replaceChildren(...buttons);
    if (hadFocus) buttons[0]?.focus();
  };

  const stop = () => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
  };
  const live = () => {
    video.hidden = false;
    canvas.hidden = true;
    show(button('camera.capture', capture));
  };
  const start = async () => {
    message.textContent = text('camera.explanation');
    show();
    try {
      const got = await navigator.mediaDevices.getUserMedia({
        video: { width: { ideal: 1920 }, height: { ideal: 1080 } },
      });
      if (signal.aborted) {
        for (const track of got.getTracks()) track.stop();
        return;
      }
      stream = got;
      video.srcObject = got;
      await video.play();
      message.textContent = '';
      live();
    } catch (error) {
      if (signal.aborted) return;
      stop();
      video.hidden = true;
      const isMissing = (error as Error).name === 'NotFoundError';
      message.textContent = text(isMissing ? 'camera.no_camera' : 'camera.camera_error');
      show(button('camera.retry', () => void start()));
    }
  };
  const capture = () => {
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext('2d')?.drawImage(video, 0, 0);
    video.hidden = true;
    canvas.hidden = false;
    show(button('camera.take_pic', take), button('camera.cancel', live, false));
  };
  const take = () =>
    canvas.toBlob(
      (blob) => {
        if (blob === null) return;
        const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-').replace('T', ' ');
        addFiles([new File([blob], `${text('camera.file_name', { time })}.jpg`, { type: 'image/jpeg' })]);
        live();
      },
      'image/jpeg',
      pictureQuality,
    );

  signal.addEventListener('abort', stop);
  void start();
  return () => {
    stop();
    view.remove();
  };
}
