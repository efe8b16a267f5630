/** Files of a drop, those inside dropped folders too. Call it inside the event: the items are gone afterwards. */
export function droppedFiles(data: DataTransfer): Promise<File[]> {
  const entries = [...data.items].map(
    (item) => (item.kind === 'file' ? item.webkitGetAsEntry?.() : null) ?? null,
  );
  if (!entries.some((entry) => entry?.isDirectory)) return Promise.resolve([...data.files]);
  return Promise.all(entries.map((entry) => (entry === null ? [] : filesBelow(entry)))).then((lists) =>
    lists.flat(),
  );
}

async function filesBelow(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) {
    return [
      await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)),
    ];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const children: FileSystemEntry[] = [];
  for (;;) {
    // Answers at most 100 entries a time, and an empty list at the end.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) break;
    children.push(...some);
  }
  return (await Promise.all(children.filter(({ name }) => !name.startsWith('.')).map(filesBelow))).flat();
}
