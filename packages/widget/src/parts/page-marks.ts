import type { UploadInfo } from '../events.js';

export interface PageMarks {
  add(info: UploadInfo, where: PagePlaces): void;
  /** Takes the thumbnails out of the page. */
  removeThumbnails(): void;
}

export interface PagePlaces {
  readonly form: Element | null;
  readonly fieldName: string;
  readonly thumbnails: Element | null;
  /** Where a thumbnail's asset is deleted by its token. */
  readonly deleteUrl: string;
}

/**
 * What a success leaves in the containing page: a hidden field in `form`, a picture in `thumbnails` (widget reference, section 1.8).
 * Text nodes and properties only: names come from anyone.
 */
export function createPageMarks(): PageMarks {
  const thumbnails = new Set<Element>();

  const remove = (item: Element, input: Element | null) => {
    thumbnails.delete(item);
    item.remove();
    input?.remove();
  };

  return {
    add(info, { form, fieldName, thumbnails: container, deleteUrl }) {
      const input = addField(form, fieldName, info);
      if (container === null || info.thumbnail_url === undefined) return;
      const item = addThumbnail(listIn(container), info);
      thumbnails.add(item);
      const { delete_token: token } = info;
      if (token === undefined) return;
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'cloudinary-delete';
      button.textContent = '×';
      button.setAttribute('aria-label', `Delete ${info.original_filename ?? info.public_id}`);
      button.onclick = async () => {
        button.disabled = true;
        const isDeleted = await deleteByToken(deleteUrl, token);
        if (isDeleted) remove(item, input);
        else button.disabled = false;
      };
      item.append(button);
    },
    removeThumbnails() {
      for (const item of thumbnails) remove(item, null);
    },
  };
}

/** The value that back-end SDKs read back (widget reference, section 1.8). */
function preloadedFile(info: UploadInfo): string {
  return `${info.resource_type}/${info.type}/${info.path}#${info.signature}`;
}

function addField(form: Element | null, name: string, info: UploadInfo): HTMLInputElement | null {
  if (form === null) return null;
  const input = document.createElement('input');
  input.type = 'hidden';
  input.name = name;
  input.value = preloadedFile(info);
  form.append(input);
  return input;
}

function listIn(container: Element): Element {
  const found = container.querySelector(':scope > .cloudinary-thumbnails');
  if (found !== null) return found;
  const list = document.createElement('ul');
  list.className = 'cloudinary-thumbnails';
  container.append(list);
  return list;
}

function addThumbnail(list: Element, info: UploadInfo): HTMLLIElement {
  const item = document.createElement('li');
  item.className = 'cloudinary-thumbnail active';
  item.dataset.cloudinary = JSON.stringify({ public_id: info.public_id, version: info.version });
  const image = document.createElement('img');
  image.src = info.thumbnail_url ?? '';
  image.alt = info.original_filename ?? info.public_id;
  item.append(image);
  list.append(item);
  return item;
}

async function deleteByToken(url: string, token: string): Promise<boolean> {
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams({ token }) }).catch(() => null);
  return answer?.ok === true;
}
